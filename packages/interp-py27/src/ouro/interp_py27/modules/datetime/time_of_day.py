"""``time``: a time of day, with or without a zone."""

from ouro.interp_py27.modules.datetime.support import (
    Fields,
    cannot_compare,
    check_time,
    clock_attributes,
    comparisons,
    descr_format,
    format_argument,
    optional_int,
    order_of,
    state_microsecond,
    state_text,
    strftime,
    struct_time,
    time_state,
    time_text,
)
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
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.typedef import define_type

STATE_LENGTH = 6
# The date that strftime() sees.
YEAR_SHOWN = 1900
DST_UNKNOWN = -1


class W_Time(W_Root):
    """A time of day; `w_zone` is a tzinfo or None of the application."""

    _attrs_ = ("hour", "minute", "second", "microsecond", "w_zone")
    _immutable_fields_ = ["hour", "minute", "second", "microsecond", "w_zone"]

    def __init__(self, hour, minute, second, microsecond, w_zone):
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
        self.w_zone = w_zone

    def offset(self):
        """Minutes east of UTC, or NO_OFFSET."""
        return minutes_from(self.w_zone, "utcoffset", space.w_None)

    def state(self):
        return time_state(self.hour, self.minute, self.second, self.microsecond)


W_TimeUser = make_user_class(W_Time)


def new_time(w_subtype, hour, minute, second, microsecond, w_zone):
    if w_subtype is W_Time.w_builtin_type:
        return W_Time(hour, minute, second, microsecond, w_zone)
    space.check_subtype(w_subtype, W_Time.w_builtin_type)
    w_time = W_TimeUser(hour, minute, second, microsecond, w_zone)
    space.init_user(w_time, w_subtype)
    return w_time


def time_new(w_subtype, w_hour=None, w_minute=None, w_second=None, w_microsecond=None, w_tzinfo=None):
    if w_second is None and w_microsecond is None and w_tzinfo is None:
        state = state_text(w_hour, STATE_LENGTH)
        if state != "" and ord(state[0]) < 24:
            return time_of_state(w_subtype, state, w_minute)
    hour = optional_int(w_hour, 0)
    minute = optional_int(w_minute, 0)
    second = optional_int(w_second, 0)
    microsecond = optional_int(w_microsecond, 0)
    check_time(hour, minute, second, microsecond)
    return new_time(w_subtype, hour, minute, second, microsecond, check_zone(w_tzinfo))


def state_zone(w_zone):
    """The zone beside a pickled state."""
    if w_zone is None:
        return space.w_None
    if not space.is_none(w_zone) and not isinstance(w_zone, W_TZInfo):
        raise type_error("bad tzinfo state arg")
    return w_zone


def time_of_state(w_subtype, state, w_zone):
    return new_time(
        w_subtype, ord(state[0]), ord(state[1]), ord(state[2]), state_microsecond(state, 3), state_zone(w_zone))


# ---- parts


def descr_utcoffset(self):
    """Return self.tzinfo.utcoffset(self)."""
    return offset_object(self.offset())


def descr_dst(self):
    """Return self.tzinfo.dst(self)."""
    return offset_object(minutes_from(self.w_zone, "dst", space.w_None))


def descr_tzname(self):
    """Return self.tzinfo.tzname(self)."""
    return zone_name(self.w_zone, space.w_None)


# ---- text


def descr_repr(self):
    name = space.type_name(self)
    if self.microsecond != 0:
        text = "%s(%d, %d, %d, %d)" % (name, self.hour, self.minute, self.second, self.microsecond)
    elif self.second != 0:
        text = "%s(%d, %d, %d)" % (name, self.hour, self.minute, self.second)
    else:
        text = "%s(%d, %d)" % (name, self.hour, self.minute)
    return space.newstr(zone_repr(text, self.w_zone))


def descr_str(self):
    return space.getattr_str(self, "isoformat").call_0()


def descr_isoformat(self):
    """Return string in ISO 8601 format, HH:MM:SS[.mmmmmm][+HH:MM]."""
    text = time_text(self.hour, self.minute, self.second, self.microsecond)
    return space.newstr(text + offset_text(self.offset(), ":"))


class TimeFields(Fields):
    """What strftime asks of a time, or of a datetime, which gives itself as `w_argument` to its zone."""

    def __init__(self, w_zone, w_argument, microsecond):
        self.w_zone = w_zone
        self.w_argument = w_argument
        self.microseconds = microsecond

    def offset_text(self):
        return offset_text(minutes_from(self.w_zone, "utcoffset", self.w_argument), "")

    def zone_text(self):
        """The name, each percent sign doubled by its own method."""
        w_name = zone_name(self.w_zone, self.w_argument)
        if space.is_none(w_name):
            return ""
        w_text = space.getattr_str(w_name, "replace").call_2(space.newstr("%"), space.newstr("%%"))
        if not space.is_str(w_text):
            raise type_error("tzname.replace() did not return a string")
        return space.bytes_w(w_text)

    def microsecond(self):
        return self.microseconds


def descr_strftime(self, w_format=None):
    """format -> strftime() style string."""
    format = format_argument(w_format)
    w_tuple = struct_time(YEAR_SHOWN, 1, 1, self.hour, self.minute, self.second, DST_UNKNOWN)
    return strftime(w_tuple, format, TimeFields(self.w_zone, space.w_None, self.microsecond))


# ---- comparisons


def order(w_left, left_offset, w_right, right_offset):
    """The order of two times, both with or both without an offset."""
    left_minutes = w_left.hour * 60 + w_left.minute
    right_minutes = w_right.hour * 60 + w_right.minute
    if left_offset != NO_OFFSET:
        left_minutes -= left_offset
        right_minutes -= right_offset
    if left_minutes != right_minutes:
        return order_of(left_minutes, right_minutes)
    if w_left.second != w_right.second:
        return order_of(w_left.second, w_right.second)
    return order_of(w_left.microsecond, w_right.microsecond)


def compare(w_left, w_right, outcome, only_equality):
    if not isinstance(w_right, W_Time):
        if only_equality:
            return space.newbool(outcome(1))
        raise cannot_compare(w_left, w_right)
    left_offset = right_offset = NO_OFFSET
    if w_left.w_zone is not w_right.w_zone:
        left_offset = w_left.offset()
        right_offset = w_right.offset()
        if (left_offset == NO_OFFSET) != (right_offset == NO_OFFSET):
            raise type_error("can't compare offset-naive and offset-aware times")
    return space.newbool(outcome(order(w_left, left_offset, w_right, right_offset)))


def descr_hash(self):
    offset = self.offset()
    if offset == NO_OFFSET or offset == 0:
        return space.newint(space.str_hash(self.state()))
    minutes = self.hour * 60 + self.minute - offset
    if 0 <= minutes < 24 * 60:
        return space.newint(space.str_hash(
            time_state(minutes // 60, minutes % 60, self.second, self.microsecond)))
    return space.newint(space.hash_int(space.newtuple([
        space.newint(minutes // 60), space.newint(minutes % 60), space.newint(self.second),
        space.newint(self.microsecond)])))


def descr_nonzero(self):
    if self.second != 0 or self.microsecond != 0:
        return space.w_True
    offset = self.offset()
    if offset == NO_OFFSET:
        offset = 0
    return space.newbool(self.hour * 60 + self.minute != offset)


# ---- other


def descr_replace(self, w_hour=None, w_minute=None, w_second=None, w_microsecond=None, w_tzinfo=None):
    """Return time with new specified fields."""
    if w_hour is None:
        w_hour = space.newint(self.hour)
    if w_minute is None:
        w_minute = space.newint(self.minute)
    if w_second is None:
        w_second = space.newint(self.second)
    if w_microsecond is None:
        w_microsecond = space.newint(self.microsecond)
    if w_tzinfo is None:
        w_tzinfo = self.w_zone
    return time_new(self.getclass(), w_hour, w_minute, w_second, w_microsecond, w_tzinfo)


define_type(W_Time, "time", dict(
    comparisons("time", compare), **clock_attributes(),
    __doc__="time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\n"
            "All arguments are optional. tzinfo may be None, or an instance of\n"
            "a tzinfo subclass. The remaining arguments may be ints or longs.\n",
    __new__=time_new,
    __hash__=descr_hash,
    __nonzero__=descr_nonzero,
    __repr__=descr_repr,
    __str__=descr_str,
    __format__=descr_format,
    utcoffset=descr_utcoffset,
    dst=descr_dst,
    tzname=descr_tzname,
    isoformat=descr_isoformat,
    strftime=descr_strftime,
    replace=descr_replace,
), module="datetime", user_class=W_TimeUser)
