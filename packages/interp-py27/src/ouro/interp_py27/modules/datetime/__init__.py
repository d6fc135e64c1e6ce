"""``datetime``: dates, times, durations and zones."""

from ouro.interp_py27.modules.datetime import calendar, zone_type
from ouro.interp_py27.modules.datetime.date import W_Date
from ouro.interp_py27.modules.datetime.date_time import W_DateTime
from ouro.interp_py27.modules.datetime.delta import MAX_DAYS, W_TimeDelta
from ouro.interp_py27.modules.datetime.time_of_day import W_Time
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.rlib.objectmodel import not_rpython


@not_rpython
def set_limits(cls, w_least, w_most, w_resolution):
    namespace = cls.w_builtin_type.dict_w
    namespace["min"] = w_least
    namespace["max"] = w_most
    namespace["resolution"] = w_resolution
    cls.w_builtin_type.mutated()


w_day = W_TimeDelta(1, 0, 0)
w_microsecond = W_TimeDelta(0, 0, 1)
set_limits(W_TimeDelta, W_TimeDelta(-MAX_DAYS, 0, 0), W_TimeDelta(MAX_DAYS, 86399, 999999), w_microsecond)
set_limits(W_Date, W_Date(calendar.MIN_YEAR, 1, 1), W_Date(calendar.MAX_YEAR, 12, 31), w_day)
set_limits(W_Time, W_Time(0, 0, 0, 0, space.w_None), W_Time(23, 59, 59, 999999, space.w_None), w_microsecond)
set_limits(
    W_DateTime, W_DateTime(calendar.MIN_YEAR, 1, 1, 0, 0, 0, 0, space.w_None),
    W_DateTime(calendar.MAX_YEAR, 12, 31, 23, 59, 59, 999999, space.w_None), w_microsecond)

define_module("datetime", {
    "MINYEAR": calendar.MIN_YEAR,
    "MAXYEAR": calendar.MAX_YEAR,
    "date": W_Date,
    "datetime": W_DateTime,
    "time": W_Time,
    "timedelta": W_TimeDelta,
    "tzinfo": zone_type.W_TZInfo,
}, doc="Fast implementation of the datetime type.")
