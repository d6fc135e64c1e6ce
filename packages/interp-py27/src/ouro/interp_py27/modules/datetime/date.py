"""``date``, and what it has in common with ``datetime``, which is a subclass."""

from ouro.interp_py27.modules.datetime import calendar
from ouro.interp_py27.modules.datetime.delta import W_TimeDelta, new_delta
from ouro.interp_py27.modules.datetime.support import (
    Fields,
    c_int_w,
    cannot_compare,
    check_date,
    check_result_year,
    comparisons,
    ctime_text,
    date_state,
    date_text,
    descr_format,
    format_argument,
    order_of,
    required,
    state_text,
    state_year,
    strftime,
    struct_time,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, class_method, define_type
from ouro.rlib import rtime

STATE_LENGTH = 4
MONTH_IN_STATE = 2
DST_UNKNOWN = -1


class W_Date(W_Root):
    """A day."""

    _attrs_ = ("year", "month", "day")
    _immutable_fields_ = ["year", "month", "day"]

    def __init__(self, year, month, day):
        self.year = year
        self.month = month
        self.day = day

    def is_date_only(self):
        """Whether there is no time of day: a date, not a datetime."""
        return True

    def ordinal(self):
        return calendar.to_ordinal(self.year, self.month, self.day)


W_DateUser = make_user_class(W_Date)


def new_date(w_subtype, year, month, day):
    if w_subtype is W_Date.w_builtin_type:
        return W_Date(year, month, day)
    space.check_subtype(w_subtype, W_Date.w_builtin_type)
    w_date = W_DateUser(year, month, day)
    space.init_user(w_date, w_subtype)
    return w_date


def date_new(w_subtype, w_year=None, w_month=None, w_day=None):
    if w_month is None and w_day is None:
        state = state_text(w_year, STATE_LENGTH)
        if state != "" and 1 <= ord(state[MONTH_IN_STATE]) <= 12:
            return new_date(w_subtype, state_year(state), ord(state[2]), ord(state[3]))
    required(w_year, "year", 1)
    required(w_month, "month", 2)
    required(w_day, "day", 3)
    year = c_int_w(w_year)
    month = c_int_w(w_month)
    day = c_int_w(w_day)
    check_date(year, month, day)
    return new_date(w_subtype, year, month, day)


# ---- from the clock and from numbers


def seconds_of_timestamp(timestamp):
    """The whole seconds of a timestamp, where the system can count them."""
    if not -9.2e18 < timestamp < 9.2e18:
        raise value_error("timestamp out of range for platform time_t")
    return int(timestamp)


def calendar_time(seconds, local):
    """The `rtime.CalendarTime` of a number of seconds."""
    try:
        if local:
            return rtime.localtime(seconds)
        return rtime.gmtime(seconds)
    except ValueError:
        raise value_error("timestamp out of range for platform localtime()/gmtime() function") from None


def descr_today(w_class):
    """Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."""
    w_now = space.getattr_str(space.import_module("time"), "time").call_0()
    return space.getattr_str(w_class, "fromtimestamp").call_1(w_now)


@unwrap_spec(timestamp=float)
def descr_fromtimestamp(w_class, timestamp):
    """timestamp -> local date from a POSIX timestamp (like time.time())."""
    now = calendar_time(seconds_of_timestamp(timestamp), True)
    return w_class.call_3(space.newint(now.year), space.newint(now.month), space.newint(now.day))


def descr_fromordinal(w_class, w_ordinal):
    """int -> date corresponding to a proleptic Gregorian ordinal."""
    ordinal = c_int_w(w_ordinal)
    if ordinal < 1:
        raise value_error("ordinal must be >= 1")
    year, month, day = calendar.from_ordinal(ordinal)
    return w_class.call_3(space.newint(year), space.newint(month), space.newint(day))


# ---- parts


def get_year(self):
    return space.newint(self.year)


def get_month(self):
    return space.newint(self.month)


def get_day(self):
    return space.newint(self.day)


def descr_toordinal(self):
    """Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."""
    return space.newint(self.ordinal())


def descr_weekday(self):
    """Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6"""
    return space.newint(calendar.weekday(self.year, self.month, self.day))


def descr_isoweekday(self):
    """Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7"""
    return space.newint(calendar.weekday(self.year, self.month, self.day) + 1)


def descr_isocalendar(self):
    """Return a 3-tuple containing ISO year, week number, and weekday."""
    today = self.ordinal()
    year = self.year
    monday = calendar.first_iso_monday(year)
    if today < monday:
        year -= 1
        monday = calendar.first_iso_monday(year)
    elif today >= calendar.first_iso_monday(year + 1):
        year += 1
        monday = calendar.first_iso_monday(year)
    days = today - monday
    return space.newtuple([space.newint(year), space.newint(days // 7 + 1), space.newint(days % 7 + 1)])


def descr_timetuple(self):
    """Return time tuple, compatible with time.localtime()."""
    return struct_time(self.year, self.month, self.day, 0, 0, 0, DST_UNKNOWN)


# ---- text


def descr_repr(self):
    return space.newstr("%s(%d, %d, %d)" % (space.type_name(self), self.year, self.month, self.day))


def descr_str(self):
    return space.getattr_str(self, "isoformat").call_0()


def descr_isoformat(self):
    """Return string in ISO 8601 format, YYYY-MM-DD."""
    return space.newstr(date_text(self.year, self.month, self.day))


def descr_ctime(self):
    """Return ctime() style string."""
    return space.newstr(ctime_text(self.year, self.month, self.day, 0, 0, 0))


def descr_strftime(self, w_format=None):
    """format -> strftime() style string."""
    return strftime(space.getattr_str(self, "timetuple").call_0(), format_argument(w_format), Fields())


# ---- arithmetic and comparisons


def moved(w_date, days):
    """The date some days later."""
    year, month, day = calendar.normalized_day(w_date.year, w_date.month, w_date.day + days)
    check_result_year(year)
    return W_Date(year, month, day)


def descr_add(self, w_other):
    if isinstance(w_other, W_TimeDelta):
        return moved(self, w_other.days)
    return space.w_NotImplemented


def descr_sub(self, w_other):
    if isinstance(w_other, W_Date) and w_other.is_date_only():
        return new_delta(self.ordinal() - w_other.ordinal(), 0, 0)
    if isinstance(w_other, W_TimeDelta):
        return moved(self, -w_other.days)
    return space.w_NotImplemented


def descr_rsub(self, w_other):
    if isinstance(w_other, W_Date) and w_other.is_date_only():
        return descr_sub(w_other, self)
    return space.w_NotImplemented


def order(w_left, w_right):
    if w_left.year != w_right.year:
        return order_of(w_left.year, w_right.year)
    if w_left.month != w_right.month:
        return order_of(w_left.month, w_right.month)
    return order_of(w_left.day, w_right.day)


def compare(w_left, w_right, outcome, only_equality):
    if isinstance(w_right, W_Date):
        return space.newbool(outcome(order(w_left, w_right)))
    if space.findattr(w_right, "timetuple") is not None:
        # A hook for other kinds of dates, to get control of the comparison.
        return space.w_NotImplemented
    if only_equality:
        return space.newbool(outcome(1))
    raise cannot_compare(w_left, w_right)


# ---- other


def descr_hash(self):
    return space.newint(space.str_hash(date_state(self.year, self.month, self.day)))


def descr_replace(self, w_year=None, w_month=None, w_day=None):
    """Return date with new specified fields."""
    if w_year is None:
        w_year = space.newint(self.year)
    if w_month is None:
        w_month = space.newint(self.month)
    if w_day is None:
        w_day = space.newint(self.day)
    return date_new(self.getclass(), w_year, w_month, w_day)


def descr_reduce(self):
    """__reduce__() -> (cls, state)"""
    w_state = space.newstr(date_state(self.year, self.month, self.day))
    return space.newtuple([self.getclass(), space.newtuple([w_state])])


define_type(W_Date, "date", dict(
    comparisons("date", compare),
    __doc__="date(year, month, day) --> date object",
    __new__=date_new,
    __add__=descr_add,
    __radd__=descr_add,
    __sub__=descr_sub,
    __rsub__=descr_rsub,
    __hash__=descr_hash,
    __repr__=descr_repr,
    __str__=descr_str,
    __format__=descr_format,
    __reduce__=descr_reduce,
    today=class_method(descr_today),
    fromtimestamp=class_method(descr_fromtimestamp),
    fromordinal=class_method(descr_fromordinal),
    year=GetSet(get_year),
    month=GetSet(get_month),
    day=GetSet(get_day),
    toordinal=descr_toordinal,
    weekday=descr_weekday,
    isoweekday=descr_isoweekday,
    isocalendar=descr_isocalendar,
    timetuple=descr_timetuple,
    isoformat=descr_isoformat,
    ctime=descr_ctime,
    strftime=descr_strftime,
    replace=descr_replace,
), module="datetime", user_class=W_DateUser)
