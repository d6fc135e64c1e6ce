"""``datetime``: a date and a time of day, with or without a zone."""

from ouro.interp_py27.modules.datetime import calendar
from ouro.interp_py27.modules.datetime.date import W_Date, calendar_time, seconds_of_timestamp
from ouro.interp_py27.modules.datetime.delta import W_TimeDelta, new_delta, round_half_away
from ouro.interp_py27.modules.datetime.support import (
    c_int_w,
    cannot_compare,
    check_date,
    check_result_year,
    check_time,
    clock_attributes,
    comparisons,
    ctime_text,
    date_state,
    date_text,
    format_argument,
    optional_int,
    order_of,
    required,
    state_microsecond,
    state_text,
    state_year,
    strftime,
    struct_time,
    time_state,
    time_text,
)
from ouro.interp_py27.modules.datetime.time_of_day import TimeFields, W_Time, state_zone
from ouro.interp_py27.modules.datetime.zones import (
    NO_OFFSET,
    W_TZInfo,
    check_zone,
    minutes_from,
    offset_object,
    offset_text,
    zone_name,
    zone_repr,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec, wrong_kind
from ouro.interp_py27.vm.typedef import class_method, define_type
from ouro.rlib import rtime

STATE_LENGTH = 10
MONTH_IN_STATE = 2
DST_UNKNOWN = -1
LAST_SECOND = 59
NANOSECONDS_PER_SECOND = 1000000000


class W_DateTime(W_Date):
    """A day and a time of day; `w_zone` is a tzinfo or None of the application."""

    _attrs_ = ("hour", "minute", "second", "microsecond", "w_zone")
    _immutable_fields_ = ["hour", "minute", "second", "microsecond", "w_zone"]

    def __init__(self, year, month, day, hour, minute, second, microsecond, w_zone):
        W_Date.__init__(self, year, month, day)
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
        self.w_zone = w_zone

    def is_date_only(self):
        return False

    def offset(self):
        """Minutes east of UTC, or NO_OFFSET."""
        return minutes_from(self.w_zone, "utcoffset", self)

    def dst_offset(self):
        return minutes_from(self.w_zone, "dst", self)

    def second_of_day(self):
        return (self.hour * 60 + self.minute) * 60 + self.second

    def state(self):
        return date_state(self.year, self.month, self.day) + time_state(
            self.hour, self.minute, self.second, self.microsecond)


W_DateTimeUser = make_user_class(W_DateTime)


def new_datetime(w_subtype, year, month, day, hour, minute, second, microsecond, w_zone):
    if w_subtype is W_DateTime.w_builtin_type:
        return W_DateTime(year, month, day, hour, minute, second, microsecond, w_zone)
    space.check_subtype(w_subtype, W_DateTime.w_builtin_type)
    w_datetime = W_DateTimeUser(year, month, day, hour, minute, second, microsecond, w_zone)
    space.init_user(w_datetime, w_subtype)
    return w_datetime


def datetime_new(w_subtype, w_year=None, w_month=None, w_day=None, w_hour=None, w_minute=None, w_second=None,
                 w_microsecond=None, w_tzinfo=None):
    if w_day is None and w_hour is None and w_tzinfo is None:
        state = state_text(w_year, STATE_LENGTH)
        if state != "" and 1 <= ord(state[MONTH_IN_STATE]) <= 12:
            return new_datetime(
                w_subtype, state_year(state), ord(state[2]), ord(state[3]), ord(state[4]), ord(state[5]), ord(state[6]),
                state_microsecond(state, 7), state_zone(w_month))
    required(w_year, "year", 1)
    required(w_month, "month", 2)
    required(w_day, "day", 3)
    year = c_int_w(w_year)
    month = c_int_w(w_month)
    day = c_int_w(w_day)
    hour = optional_int(w_hour, 0)
    minute = optional_int(w_minute, 0)
    second = optional_int(w_second, 0)
    microsecond = optional_int(w_microsecond, 0)
    w_zone = check_zone(w_tzinfo)
    check_date(year, month, day)
    check_time(hour, minute, second, microsecond)
    return new_datetime(w_subtype, year, month, day, hour, minute, second, microsecond, w_zone)


def call_class(w_class, year, month, day, hour, minute, second, microsecond, w_zone):
    """An instance of a class by calling it."""
    if w_class is W_DateTime.w_builtin_type:
        check_date(year, month, day)
        return W_DateTime(year, month, day, hour, minute, second, microsecond, w_zone)
    numbers = [year, month, day, hour, minute, second, microsecond]
    return w_class.call_list([space.newint(number) for number in numbers] + [w_zone])


def shifted(w_datetime, days, seconds, microseconds):
    """The datetime some time later, by parts of any sign; the zone stays."""
    microsecond = w_datetime.microsecond + microseconds
    second = w_datetime.second_of_day() + seconds + microsecond // 1000000
    day = w_datetime.day + days + second // 86400
    second = second % 86400
    year, month, day = calendar.normalized_day(w_datetime.year, w_datetime.month, day)
    check_result_year(year)
    minute = second // 60
    return W_DateTime(
        year, month, day, minute // 60, minute % 60, second % 60, microsecond % 1000000, w_datetime.w_zone)


def with_zone(w_datetime, w_zone):
    return W_DateTime(
        w_datetime.year, w_datetime.month, w_datetime.day, w_datetime.hour, w_datetime.minute, w_datetime.second,
        w_datetime.microsecond, w_zone)


# ---- from the clock and from timestamps


def datetime_of_seconds(w_class, seconds, microsecond, local, w_zone):
    now = calendar_time(seconds, local)
    return call_class(
        w_class, now.year, now.month, now.day, now.hour, now.minute, min(now.second, LAST_SECOND), microsecond, w_zone)


def datetime_of_timestamp(w_class, timestamp, local, w_zone):
    seconds = seconds_of_timestamp(timestamp)
    microsecond = round_half_away((timestamp - float(seconds)) * 1e6)
    if microsecond < 0:
        seconds -= 1
        microsecond += 1000000
    if microsecond == 1000000:
        seconds += 1
        microsecond = 0
    return datetime_of_seconds(w_class, seconds, microsecond, local, w_zone)


def datetime_of_clock(w_class, local, w_zone):
    nanoseconds = rtime.time_ns()
    return datetime_of_seconds(
        w_class, nanoseconds // NANOSECONDS_PER_SECOND, nanoseconds % NANOSECONDS_PER_SECOND // 1000, local, w_zone)


def in_zone(w_datetime, w_zone):
    """A time in UTC, moved to the zone, where one was given."""
    if space.is_none(w_zone):
        return w_datetime
    return space.getattr_str(w_zone, "fromutc").call_1(w_datetime)


def descr_now(w_class, w_tz=None):
    """[tz] -> new datetime with tz's local day and time."""
    w_zone = check_zone(w_tz)
    return in_zone(datetime_of_clock(w_class, space.is_none(w_zone), w_zone), w_zone)


def descr_utcnow(w_class):
    """Return a new datetime representing UTC day and time."""
    return datetime_of_clock(w_class, False, space.w_None)


@unwrap_spec(timestamp=float)
def descr_fromtimestamp(w_class, timestamp, w_tz=None):
    """timestamp[, tz] -> tz's local time from POSIX timestamp."""
    w_zone = check_zone(w_tz)
    return in_zone(datetime_of_timestamp(w_class, timestamp, space.is_none(w_zone), w_zone), w_zone)


@unwrap_spec(timestamp=float)
def descr_utcfromtimestamp(w_class, timestamp):
    """timestamp -> UTC datetime from a POSIX timestamp (like time.time())."""
    return datetime_of_timestamp(w_class, timestamp, False, space.w_None)


@unwrap_spec(string="c_text", format="c_text")
def descr_strptime(w_class, string, format):
    """string, format -> new datetime parsed from a string (like time.strptime())."""
    w_parse = space.getattr_str(space.import_module("_strptime"), "_strptime")
    parsed_w = space.unpack_list(w_parse.call_2(space.newstr(string), space.newstr(format)))
    numbers_w = []
    if len(parsed_w) >= 2:
        numbers_w = space.unpack_list(parsed_w[0])[:6] + [parsed_w[1]]
    good = len(numbers_w) == 7
    for w_number in numbers_w:
        good = good and space.is_int(w_number)
    if not good:
        raise value_error("unexpected value from _strptime._strptime")
    return w_class.call_list(numbers_w)


def descr_combine(w_class, w_date, w_time):
    """date, time -> datetime with same date and time fields"""
    if not isinstance(w_date, W_Date):
        raise type_error("combine() argument 1 must be datetime.date, not %s" % space.type_name(w_date))
    if not isinstance(w_time, W_Time):
        raise type_error("combine() argument 2 must be datetime.time, not %s" % space.type_name(w_time))
    return call_class(
        w_class, w_date.year, w_date.month, w_date.day, w_time.hour, w_time.minute, w_time.second, w_time.microsecond,
        w_time.w_zone)


# ---- parts


def descr_date(self):
    """Return date object with same year, month and day."""
    return W_Date(self.year, self.month, self.day)


def descr_time(self):
    """Return time object with same time but with tzinfo=None."""
    return W_Time(self.hour, self.minute, self.second, self.microsecond, space.w_None)


def descr_timetz(self):
    """Return time object with same time and tzinfo."""
    return W_Time(self.hour, self.minute, self.second, self.microsecond, self.w_zone)


def descr_utcoffset(self):
    """Return self.tzinfo.utcoffset(self)."""
    return offset_object(self.offset())


def descr_dst(self):
    """Return self.tzinfo.dst(self)."""
    return offset_object(self.dst_offset())


def descr_tzname(self):
    """Return self.tzinfo.tzname(self)."""
    return zone_name(self.w_zone, self)


def descr_timetuple(self):
    """Return time tuple, compatible with time.localtime()."""
    dst = self.dst_offset()
    is_dst = DST_UNKNOWN
    if dst != NO_OFFSET:
        is_dst = 1 if dst != 0 else 0
    return struct_time(self.year, self.month, self.day, self.hour, self.minute, self.second, is_dst)


def descr_utctimetuple(self):
    """Return UTC time tuple, compatible with time.localtime()."""
    minute = self.hour * 60 + self.minute
    offset = self.offset()
    if offset != NO_OFFSET:
        minute -= offset
    # At the ends of the calendar the year may come out of range, which is no error here.
    year, month, day = calendar.normalized_day(self.year, self.month, self.day + minute // (24 * 60))
    minute = minute % (24 * 60)
    return struct_time(year, month, day, minute // 60, minute % 60, self.second, 0)


# ---- text


def descr_repr(self):
    text = "%s(%d, %d, %d, %d, %d" % (
        space.type_name(self), self.year, self.month, self.day, self.hour, self.minute)
    if self.microsecond != 0:
        text += ", %d, %d" % (self.second, self.microsecond)
    elif self.second != 0:
        text += ", %d" % self.second
    return space.newstr(zone_repr(text + ")", self.w_zone))


def descr_str(self):
    return space.getattr_str(self, "isoformat").call_1(space.newstr(" "))


def descr_isoformat(self, w_sep=None):
    """[sep] -> string in ISO 8601 format, YYYY-MM-DDTHH:MM:SS[.mmmmmm][+HH:MM].

sep is used to separate the year from the time, and defaults to 'T'."""
    separator = "T"
    if w_sep is not None:
        if not space.is_str(w_sep) or len(space.bytes_w(w_sep)) != 1:
            raise wrong_kind("isoformat() argument 1 ", "char", w_sep)
        separator = space.bytes_w(w_sep)
    text = date_text(self.year, self.month, self.day) + separator
    text += time_text(self.hour, self.minute, self.second, self.microsecond)
    return space.newstr(text + offset_text(self.offset(), ":"))


def descr_ctime(self):
    """Return ctime() style string."""
    return space.newstr(ctime_text(self.year, self.month, self.day, self.hour, self.minute, self.second))


def descr_strftime(self, w_format=None):
    """format -> strftime() style string."""
    format = format_argument(w_format)
    w_tuple = space.getattr_str(self, "timetuple").call_0()
    return strftime(w_tuple, format, TimeFields(self.w_zone, self, self.microsecond))


# ---- arithmetic


def descr_add(self, w_other):
    if isinstance(w_other, W_TimeDelta):
        return shifted(self, w_other.days, w_other.seconds, w_other.microseconds)
    return space.w_NotImplemented


def both_offsets(w_left, w_right, message):
    """The offsets to compare or subtract by: both NO_OFFSET where the zone is the same or there is none."""
    if w_left.w_zone is w_right.w_zone:
        return NO_OFFSET, NO_OFFSET
    left = w_left.offset()
    right = w_right.offset()
    if (left == NO_OFFSET) != (right == NO_OFFSET):
        raise type_error(message)
    return left, right


def difference(w_left, w_right):
    left, right = both_offsets(w_left, w_right, "can't subtract offset-naive and offset-aware datetimes")
    return new_delta(
        w_left.ordinal() - w_right.ordinal(),
        w_left.second_of_day() - w_right.second_of_day() - (left - right) * 60,
        w_left.microsecond - w_right.microsecond)


def descr_sub(self, w_other):
    if isinstance(w_other, W_DateTime):
        return difference(self, w_other)
    if isinstance(w_other, W_TimeDelta):
        return shifted(self, -w_other.days, -w_other.seconds, -w_other.microseconds)
    return space.w_NotImplemented


def descr_rsub(self, w_other):
    if isinstance(w_other, W_DateTime):
        return difference(w_other, self)
    return space.w_NotImplemented


# ---- comparisons


def order(w_left, w_right, minutes):
    """The order, with the right one moved by some minutes."""
    days = order_of(w_left.ordinal(), w_right.ordinal())
    if minutes == 0:
        if days != 0:
            return days
        seconds = order_of(w_left.second_of_day(), w_right.second_of_day())
    else:
        seconds = order_of(
            w_left.ordinal() * 86400 + w_left.second_of_day(),
            w_right.ordinal() * 86400 + w_right.second_of_day() + minutes * 60)
    if seconds != 0:
        return seconds
    return order_of(w_left.microsecond, w_right.microsecond)


def compare(w_left, w_right, outcome, only_equality):
    if not isinstance(w_right, W_DateTime):
        if not isinstance(w_right, W_Date) and space.findattr(w_right, "timetuple") is not None:
            # A hook for other kinds of datetimes, to get control of the comparison.
            return space.w_NotImplemented
        if only_equality:
            return space.newbool(outcome(1))
        raise cannot_compare(w_left, w_right)
    left, right = both_offsets(w_left, w_right, "can't compare offset-naive and offset-aware datetimes")
    return space.newbool(outcome(order(w_left, w_right, left - right)))


def descr_hash(self):
    offset = self.offset()
    if offset == NO_OFFSET:
        return space.newint(space.str_hash(self.state()))
    w_since = new_delta(self.ordinal(), self.second_of_day() - offset * 60, self.microsecond)
    return space.newint(space.hash_int(w_since))


# ---- other


def descr_replace(self, w_year=None, w_month=None, w_day=None, w_hour=None, w_minute=None, w_second=None,
                  w_microsecond=None, w_tzinfo=None):
    """Return datetime with new specified fields."""
    return datetime_new(
        self.getclass(),
        space.newint(self.year) if w_year is None else w_year,
        space.newint(self.month) if w_month is None else w_month,
        space.newint(self.day) if w_day is None else w_day,
        space.newint(self.hour) if w_hour is None else w_hour,
        space.newint(self.minute) if w_minute is None else w_minute,
        space.newint(self.second) if w_second is None else w_second,
        space.newint(self.microsecond) if w_microsecond is None else w_microsecond,
        self.w_zone if w_tzinfo is None else w_tzinfo)


def descr_astimezone(self, w_tz=None):
    """tz -> convert to local time in new timezone tz"""
    required(w_tz, "tz", 1)
    if not isinstance(w_tz, W_TZInfo):
        raise type_error("astimezone() argument 1 must be datetime.tzinfo, not %s" % space.type_name(w_tz))
    if not space.is_none(self.w_zone):
        if self.w_zone is w_tz:
            return self
        offset = self.offset()
        if offset != NO_OFFSET:
            w_utc = with_zone(shifted(self, 0, -offset * 60, 0), w_tz)
            return space.getattr_str(w_tz, "fromutc").call_1(w_utc)
    raise value_error("astimezone() cannot be applied to a naive datetime")


define_type(W_DateTime, "datetime", dict(
    comparisons("datetime", compare), **clock_attributes(),
    __doc__="datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\n"
            "The year, month and day arguments are required. tzinfo may be None, or an\n"
            "instance of a tzinfo subclass. The remaining arguments may be ints or longs.\n",
    __new__=datetime_new,
    __add__=descr_add,
    __radd__=descr_add,
    __sub__=descr_sub,
    __rsub__=descr_rsub,
    __hash__=descr_hash,
    __repr__=descr_repr,
    __str__=descr_str,
    now=class_method(descr_now),
    utcnow=class_method(descr_utcnow),
    fromtimestamp=class_method(descr_fromtimestamp),
    utcfromtimestamp=class_method(descr_utcfromtimestamp),
    strptime=class_method(descr_strptime),
    combine=class_method(descr_combine),
    date=descr_date,
    time=descr_time,
    timetz=descr_timetz,
    utcoffset=descr_utcoffset,
    dst=descr_dst,
    tzname=descr_tzname,
    timetuple=descr_timetuple,
    utctimetuple=descr_utctimetuple,
    isoformat=descr_isoformat,
    ctime=descr_ctime,
    strftime=descr_strftime,
    replace=descr_replace,
    astimezone=descr_astimezone,
), base=W_Date, module="datetime", user_class=W_DateTimeUser)
