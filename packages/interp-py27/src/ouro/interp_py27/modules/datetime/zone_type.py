"""The type ``tzinfo``: an abstract base, but for the conversion from UTC."""

from ouro.interp_py27.modules.datetime.date_time import W_DateTime, shifted
from ouro.interp_py27.modules.datetime.support import not_implemented
from ouro.interp_py27.modules.datetime.zones import NO_OFFSET, W_TZInfo, W_TZInfoUser
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.typedef import define_type


def zone_new(w_subtype, __args__):
    if w_subtype is W_TZInfo.w_builtin_type:
        return W_TZInfo()
    space.check_subtype(w_subtype, W_TZInfo.w_builtin_type)
    w_zone = W_TZInfoUser()
    space.init_user(w_zone, w_subtype)
    return w_zone


def zone_init(self, __args__):
    pass


def descr_tzname(self, w_datetime):
    """datetime -> string name of time zone."""
    raise not_implemented("a tzinfo subclass must implement tzname()")


def descr_utcoffset(self, w_datetime):
    """datetime -> minutes east of UTC (negative for west of UTC)."""
    raise not_implemented("a tzinfo subclass must implement utcoffset()")


def descr_dst(self, w_datetime):
    """datetime -> DST offset in minutes east of UTC."""
    raise not_implemented("a tzinfo subclass must implement dst()")


def descr_fromutc(self, w_datetime):
    """datetime in UTC -> datetime in local time."""
    if not isinstance(w_datetime, W_DateTime):
        raise type_error("fromutc: argument must be a datetime")
    if w_datetime.w_zone is not self:
        raise value_error("fromutc: dt.tzinfo is not self")
    offset = w_datetime.offset()
    if offset == NO_OFFSET:
        raise value_error("fromutc: non-None utcoffset() result required")
    dst = w_datetime.dst_offset()
    if dst == NO_OFFSET:
        raise value_error("fromutc: non-None dst() result required")
    w_result = shifted(w_datetime, 0, (offset - dst) * 60, 0)
    dst = w_result.dst_offset()
    if dst == NO_OFFSET:
        raise value_error("fromutc: tz.dst() gave inconsistent results; cannot convert")
    if dst == 0:
        return w_result
    return shifted(w_result, 0, dst * 60, 0)


def descr_reduce(self):
    """-> (cls, state)"""
    w_args = space.newtuple([])
    w_get_args = space.findattr(self, "__getinitargs__")
    if w_get_args is not None:
        w_args = w_get_args.call_0()
    w_get_state = space.findattr(self, "__getstate__")
    if w_get_state is not None:
        w_state = w_get_state.call_0()
    else:
        w_state = space.findattr(self, "__dict__")
        if w_state is None or not space.is_true(w_state):
            w_state = space.w_None
    if space.is_none(w_state):
        return space.newtuple([self.getclass(), w_args])
    return space.newtuple([self.getclass(), w_args, w_state])


define_type(W_TZInfo, "tzinfo", {
    "__doc__": "Abstract base class for time zone info objects.",
    "__new__": zone_new,
    "__init__": zone_init,
    "tzname": descr_tzname,
    "utcoffset": descr_utcoffset,
    "dst": descr_dst,
    "fromutc": descr_fromutc,
    "__reduce__": descr_reduce,
}, module="datetime", user_class=W_TZInfoUser)
