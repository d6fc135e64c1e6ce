"""Time zones: instances of ``tzinfo``, and what they say of a date or time.

Offsets are whole minutes, as in CPython 2.7; NO_OFFSET stands for None.
"""

from ouro.interp_py27.modules.datetime.delta import W_TimeDelta, delta_of_minutes
from ouro.interp_py27.modules.datetime.support import two_digits
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error, value_error

NO_OFFSET = 100000
MINUTES_PER_DAY = 24 * 60


class W_TZInfo(W_Root):
    """``tzinfo``: applications define subclasses."""

    _attrs_ = ()


W_TZInfoUser = make_user_class(W_TZInfo)


def check_zone(w_zone):
    """The argument `tzinfo`: None or a zone."""
    if w_zone is None:
        return space.w_None
    if not space.is_none(w_zone) and not isinstance(w_zone, W_TZInfo):
        raise type_error(
            "tzinfo argument must be None or of a tzinfo subclass, not type '%s'" % space.type_name(w_zone))
    return w_zone


def minutes_from(w_zone, method, w_argument):
    """The minutes that the method ``utcoffset`` or ``dst`` of a zone gives, or NO_OFFSET."""
    if space.is_none(w_zone):
        return NO_OFFSET
    w_delta = space.getattr_str(w_zone, method).call_1(w_argument)
    if space.is_none(w_delta):
        return NO_OFFSET
    if not isinstance(w_delta, W_TimeDelta):
        raise type_error("tzinfo.%s() must return None or timedelta, not '%s'" % (method, space.type_name(w_delta)))
    minutes = MINUTES_PER_DAY
    if -1 <= w_delta.days <= 0:
        if w_delta.seconds % 60 != 0 or w_delta.microseconds != 0:
            raise value_error("tzinfo.%s() must return a whole number of minutes" % method)
        minutes = w_delta.days * MINUTES_PER_DAY + w_delta.seconds // 60
    if minutes <= -MINUTES_PER_DAY or minutes >= MINUTES_PER_DAY:
        raise value_error("tzinfo.%s() returned %d; must be in -1439 .. 1439" % (method, minutes))
    return minutes


def offset_object(minutes):
    """The timedelta of an offset, or None."""
    if minutes == NO_OFFSET:
        return space.w_None
    return delta_of_minutes(minutes)


def zone_name(w_zone, w_argument):
    """What ``tzname`` of a zone gives: a str or None."""
    if space.is_none(w_zone):
        return space.w_None
    w_name = space.getattr_str(w_zone, "tzname").call_1(w_argument)
    if not space.is_none(w_name) and not space.is_str(w_name):
        raise type_error("tzinfo.tzname() must return None or a string, not '%s'" % space.type_name(w_name))
    return w_name


def offset_text(minutes, separator):
    """As ``+01:30``; nothing for NO_OFFSET."""
    if minutes == NO_OFFSET:
        return ""
    sign = "+"
    if minutes < 0:
        sign = "-"
        minutes = -minutes
    return sign + two_digits(minutes // 60) + separator + two_digits(minutes % 60)


def zone_repr(text, w_zone):
    """A repr, complete but for the zone."""
    if space.is_none(w_zone):
        return text
    return text[:len(text) - 1] + ", tzinfo=" + space.repr_text(w_zone) + ")"
