"""``time``: the clock, calendar times and their texts."""

import errno

from ouro.interp_py27.modules.operator import is_sequence
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.structure_object import define_structure
from ouro.interp_py27.vm.errors import OperationError, overflow_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rposix, rtime
from ouro.rlib.rarithmetic import intmask

EINTR = errno.EINTR
EINVAL = errno.EINVAL
EOVERFLOW = errno.EOVERFLOW

LARGEST_INT = 2 ** 31 - 1
LARGEST_TIME = float(2 ** 63)

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

W_StructTime = define_structure(
    "time.struct_time",
    "tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst".split(),
    doc="""The time value as returned by gmtime(), localtime(), and strptime(), and
 accepted by asctime(), mktime() and strftime().  May be considered as a
 sequence of 9 integers.

 Note that several fields' values are not the same as those defined by
 the C language standard for struct tm.  For example, the value of the
 field tm_year is the actual year, not year - 1900.  See individual
 fields' descriptions for details.""",
)


# ---- to and from application objects


def struct_time(calendar):
    return W_StructTime([
        space.newint(calendar.year), space.newint(calendar.month), space.newint(calendar.day),
        space.newint(calendar.hour), space.newint(calendar.minute), space.newint(calendar.second),
        space.newint(calendar.weekday), space.newint(calendar.yearday), space.newint(calendar.is_dst)])


def whole_seconds(w_seconds):
    """Seconds since 1970 from a number; the present where there is none."""
    if w_seconds is None or space.is_none(w_seconds):
        return rtime.time_ns() // 1000000000
    seconds = space.float_w(w_seconds)
    if seconds != seconds:
        raise out_of_range()
    if seconds >= LARGEST_TIME or seconds < -LARGEST_TIME:
        raise value_error("timestamp out of range for platform time_t")
    return int(seconds)


def out_of_range():
    """The year does not fit."""
    return OperationError(space.w_ValueError, space.system_error_arguments(EOVERFLOW, None))


def c_int(w_value):
    """An integer that fits into a C int."""
    if space.is_float(w_value):
        raise type_error("integer argument expected, got float")
    value = space.int_w(w_value)
    if value > LARGEST_INT:
        raise overflow_error("signed integer is greater than maximum")
    if value < -LARGEST_INT - 1:
        raise overflow_error("signed integer is less than minimum")
    return value


def calendar_from(w_tuple):
    """The calendar time of a sequence of nine integers, which a str is not, with the year as a human means it."""
    if space.is_str(w_tuple) or not is_sequence(w_tuple):
        raise type_error("argument must be 9-item sequence, not %s" % name_of_type(w_tuple))
    fields_w = space.unpack_list(w_tuple)
    if len(fields_w) != 9:
        raise type_error("argument must be sequence of length 9, not %d" % len(fields_w))
    year = c_int(fields_w[0])
    calendar = rtime.CalendarTime(
        year, c_int(fields_w[1]), c_int(fields_w[2]), c_int(fields_w[3]), c_int(fields_w[4]), c_int(fields_w[5]),
        c_int(fields_w[6]), c_int(fields_w[7]), c_int(fields_w[8]))
    if year < 1900:
        w_accept = space.find_builtin_module("time").w_dict.getitem_str("accept2dyear")
        if w_accept is None or not space.is_int(w_accept) or space.int_w(w_accept) == 0:
            raise value_error("year >= 1900 required")
        if 69 <= year <= 99:
            year += 1900
        elif 0 <= year <= 68:
            year += 2000
        else:
            raise value_error("year out of range")
        calendar.year = year
    return calendar


def name_of_type(w_obj):
    return "None" if space.is_none(w_obj) else space.type_name(w_obj)


def checked_calendar(w_tuple):
    """As `calendar_from`; fields are checked, zeros mean the first month and day."""
    calendar = calendar_from(w_tuple)
    if calendar.month == 0:
        calendar.month = 1
    if calendar.day == 0:
        calendar.day = 1
    if calendar.yearday == 0:
        calendar.yearday = 1
    if calendar.month < 1 or calendar.month > 12:
        raise value_error("month out of range")
    if calendar.day < 1 or calendar.day > 31:
        raise value_error("day of month out of range")
    if calendar.hour < 0 or calendar.hour > 23:
        raise value_error("hour out of range")
    if calendar.minute < 0 or calendar.minute > 59:
        raise value_error("minute out of range")
    if calendar.second < 0 or calendar.second > 61:
        raise value_error("seconds out of range")
    if calendar.weekday < -1:
        raise value_error("day of week out of range")
    if calendar.yearday < 1 or calendar.yearday > 366:
        raise value_error("day of year out of range")
    calendar.weekday %= 7
    calendar.is_dst = min(max(calendar.is_dst, -1), 1)
    return calendar


def calendar_or_now(w_tuple):
    if w_tuple is None:
        return rtime.localtime(whole_seconds(None))
    return checked_calendar(w_tuple)


def local(seconds):
    try:
        return rtime.localtime(seconds)
    except ValueError:
        raise out_of_range()


def text_of(calendar):
    day = str(calendar.day)
    if len(day) == 1:
        day = " " + day
    return "%s %s %s %s:%s:%s %d" % (
        DAYS[calendar.weekday], MONTHS[calendar.month - 1], day, two_digits(calendar.hour),
        two_digits(calendar.minute), two_digits(calendar.second), calendar.year)


def two_digits(number):
    return str(number) if number >= 10 else "0" + str(number)


# ---- the module


def time():
    """time() -> floating point number

Return the current time in seconds since the Epoch.
Fractions of a second may be present if the system clock provides them."""
    return space.newfloat(rtime.time())


def clock():
    """clock() -> floating point number

Return the CPU time or real time since the start of the process or since
the first call to clock().  This has as much precision as the system
records."""
    return space.newfloat(rtime.clock())


@unwrap_spec(seconds=float)
def sleep(seconds):
    """sleep(seconds)

Delay execution for a given number of seconds.  The argument may be
a floating point number for subsecond precision."""
    if not 0.0 <= seconds < LARGEST_TIME:
        raise space.ioerror(EINVAL)
    try:
        rtime.sleep(seconds)
    except OSError as error:
        if error.errno != EINTR:
            raise space.ioerror(error.errno)
        space.check_signals()


def gmtime(w_seconds=None):
    """gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,
                       tm_sec, tm_wday, tm_yday, tm_isdst)

Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a.
GMT).  When 'seconds' is not passed in, convert the current time instead."""
    try:
        return struct_time(rtime.gmtime(whole_seconds(w_seconds)))
    except ValueError:
        raise out_of_range()


def localtime(w_seconds=None):
    """localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,
                          tm_sec,tm_wday,tm_yday,tm_isdst)

Convert seconds since the Epoch to a time tuple expressing local time.
When 'seconds' is not passed in, convert the current time instead."""
    return struct_time(local(whole_seconds(w_seconds)))


def asctime(w_tuple=None):
    """asctime([tuple]) -> string

Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.
When the time tuple is not present, current time as returned by localtime()
is used."""
    return space.newstr(text_of(calendar_or_now(w_tuple)))


def ctime(w_seconds=None):
    """ctime(seconds) -> string

Convert a time in seconds since the Epoch to a string in local time.
This is equivalent to asctime(localtime(seconds)). When the time tuple is
not present, current time as returned by localtime() is used."""
    return space.newstr(text_of(local(whole_seconds(w_seconds))))


def mktime(w_tuple):
    """mktime(tuple) -> floating point number

Convert a time tuple in local time to seconds since the Epoch."""
    try:
        return space.newfloat(float(rtime.mktime(calendar_from(w_tuple))))
    except OverflowError:
        raise overflow_error("mktime argument out of range")


@unwrap_spec(format="c_text")
def strftime(format, w_tuple=None):
    """strftime(format[, tuple]) -> string

Convert a time tuple to a string according to a format specification.
See the library reference manual for formatting codes. When the time tuple
is not present, current time as returned by localtime() is used."""
    return space.newstr(rtime.strftime(format, calendar_or_now(w_tuple)))


def strptime(args_w):
    """strptime(string, format) -> struct_time

Parse a string to a time tuple according to a format specification.
See the library reference manual for formatting codes (same as strftime())."""
    w_module = space.import_module("_strptime")
    return space.getattr_str(w_module, "_strptime_time").call_list(args_w)


def set_timezone(w_module):
    """The names that tell of the time zone."""
    west_in_winter, west_in_summer, has_summer, winter_name, summer_name = rtime.timezone_facts()
    w_dict = w_module.w_dict
    w_dict.setitem_str("timezone", space.newint(west_in_winter))
    w_dict.setitem_str("altzone", space.newint(west_in_summer))
    w_dict.setitem_str("daylight", space.newint(intmask(has_summer)))
    w_dict.setitem_str("tzname", space.newtuple([space.newstr(winter_name), space.newstr(summer_name)]))


def tzset():
    """tzset()

Initialize, or reinitialize, the local timezone to the value stored in
os.environ['TZ']. The TZ environment variable should be specified in
standard Unix timezone format as documented in the tzset man page
(eg. 'US/Eastern', 'Europe/Amsterdam'). Unknown timezones will silently
fall back to UTC. If the TZ environment variable is not set, the local
timezone is set to the systems best guess of wallclock time.
Changing the TZ environment variable without calling tzset *may* change
the local timezone used by methods such as localtime, but this behaviour
should not be relied on."""
    rtime.tzset()
    set_timezone(space.find_builtin_module("time"))


def start_time(w_module):
    w_module.w_dict.setitem_str("accept2dyear", space.newint(0 if rposix.getenv("PYTHONY2K") else 1))
    set_timezone(w_module)


define_module("time", {
    "time": time,
    "clock": clock,
    "sleep": sleep,
    "gmtime": gmtime,
    "localtime": localtime,
    "asctime": asctime,
    "ctime": ctime,
    "mktime": mktime,
    "strftime": strftime,
    "strptime": strptime,
    "tzset": tzset,
    "struct_time": W_StructTime,
}, startup=start_time, doc="""This module provides various functions to manipulate time values.

There are two standard representations of time.  One is the number
of seconds since the Epoch, in UTC (a.k.a. GMT).  It may be an integer
or a floating point number (to represent fractions of seconds).
The Epoch is system-defined; on Unix, it is generally January 1st, 1970.
The actual value can be retrieved by calling gmtime(0).

The other representation is a tuple of 9 integers giving local time.
The tuple items are:
  year (four digits, e.g. 1998)
  month (1-12)
  day (1-31)
  hours (0-23)
  minutes (0-59)
  seconds (0-59)
  weekday (0-6, Monday is 0)
  Julian day (day in the year, 1-366)
  DST (Daylight Savings Time) flag (-1, 0 or 1)
If the DST flag is 0, the time is given in the regular time zone;
if it is 1, the time is given in the DST time zone;
if it is -1, mktime() should guess based on the date and time.

Variables:

timezone -- difference in seconds between UTC and local standard time
altzone -- difference in  seconds between UTC and local DST time
daylight -- whether local time should reflect DST
tzname -- tuple of (standard time zone name, DST time zone name)

Functions:

time() -- return current time in seconds since the Epoch as a float
clock() -- return CPU time since process start as a float
sleep() -- delay for a number of seconds given as a float
gmtime() -- convert seconds since Epoch to UTC tuple
localtime() -- convert seconds since Epoch to local time tuple
asctime() -- convert time tuple to string
ctime() -- convert time in seconds to string
mktime() -- convert local time tuple to seconds since Epoch
strftime() -- convert time tuple to string according to format specification
strptime() -- parse string to time tuple according to format specification
tzset() -- change the local timezone""")
