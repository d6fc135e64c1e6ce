"""Clocks and calendars: Python's `time` in terms of floats and plain tuples.

A calendar time is a `CalendarTime` with the fields of C's `struct tm` as Python counts them: the full year, months
from 1, days of the week from Monday 0, days of the year from 1.
"""

from __future__ import annotations

import errno
import time as host_time

from ouro.lltype import free, malloc
from ouro.rlib._system_errors import last_error
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rffi import (
    LONGP,
    charp2str,
    library,
    scoped_alloc_buffer,
    scoped_str2charp,
    str2charp,
)

__all__ = [
    "CalendarTime",
    "clock",
    "clock_ns",
    "gmtime",
    "localtime",
    "mktime",
    "sleep",
    "strftime",
    "time",
    "time_ns",
    "timezone_facts",
    "tzset",
]

_SOURCE = r"""
long long ouro_clock_ns(int which)
{
    struct timespec t;
    clockid_t id = which == 0 ? CLOCK_REALTIME : which == 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
    clock_gettime(id, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int ouro_sleep(long seconds, long nanoseconds)
{
    struct timespec t;
    t.tv_sec = seconds;
    t.tv_nsec = nanoseconds;
    return nanosleep(&t, NULL);
}

static void ouro_from_tm(const struct tm *t, long *out)
{
    out[0] = t->tm_year + 1900L;
    out[1] = t->tm_mon + 1;
    out[2] = t->tm_mday;
    out[3] = t->tm_hour;
    out[4] = t->tm_min;
    out[5] = t->tm_sec;
    out[6] = (t->tm_wday + 6) % 7;
    out[7] = t->tm_yday + 1;
    out[8] = t->tm_isdst;
}

static void ouro_to_tm(const long *in, struct tm *t)
{
    memset(t, 0, sizeof(*t));
    t->tm_year = (int)(in[0] - 1900);
    t->tm_mon = (int)(in[1] - 1);
    t->tm_mday = (int)in[2];
    t->tm_hour = (int)in[3];
    t->tm_min = (int)in[4];
    t->tm_sec = (int)in[5];
    t->tm_wday = (int)((in[6] + 1) % 7);
    t->tm_yday = (int)(in[7] - 1);
    t->tm_isdst = (int)in[8];
}

int ouro_calendar(int local, long seconds, long *out)
{
    struct tm t;
    time_t when = (time_t)seconds;
    if ((local ? localtime_r(&when, &t) : gmtime_r(&when, &t)) == NULL)
        return -1;
    ouro_from_tm(&t, out);
    return 0;
}

/* The fields are normalized in place; *failed says that there is no such time. */
long ouro_mktime(long *fields, long *failed)
{
    struct tm t;
    time_t result;
    ouro_to_tm(fields, &t);
    t.tm_wday = -1;
    result = mktime(&t);
    *failed = result == (time_t)-1 && t.tm_wday == -1;
    ouro_from_tm(&t, fields);
    return (long)result;
}

long ouro_strftime(char *buffer, long size, const char *format, long *fields)
{
    struct tm t;
    ouro_to_tm(fields, &t);
    return (long)strftime(buffer, size, format, &t);
}

void ouro_tzset(void)
{
    tzset();
}

/* Seconds west of Greenwich in winter and in summer, whether there is a summer time; names go into `buffer`.

   The C globals do not tell by how much summer time differs, so this asks for January and July of this year. */
void ouro_timezone(long *out, char *buffer, long size)
{
    const long year = (365 * 24 + 6) * 3600L;
    time_t january = time(NULL) / year * year, july = january + year / 2;
    struct tm first, second;
    tzset();
    localtime_r(&january, &first);
    localtime_r(&july, &second);
    if (first.tm_gmtoff > second.tm_gmtoff) {
        struct tm south = first;
        first = second;
        second = south;
    }
    out[0] = -first.tm_gmtoff;
    out[1] = -second.tm_gmtoff;
    out[2] = first.tm_gmtoff != second.tm_gmtoff;
    snprintf(buffer, size, "%s\n%s", first.tm_zone, second.tm_zone);
}
"""


def _host_clock_ns(which):
    return (host_time.time_ns, host_time.monotonic_ns, host_time.process_time_ns)[which]()


def _host_sleep(seconds, nanoseconds):
    host_time.sleep(seconds + nanoseconds * 1e-9)
    return 0


def _host_calendar(local, seconds, out):
    try:
        fields = (host_time.localtime if local else host_time.gmtime)(seconds)
    except (OverflowError, ValueError) as error:
        raise OSError(errno.EOVERFLOW, str(error)) from None
    for i, value in enumerate(fields):
        out[i] = value
    return 0


def _fields(raw):
    return tuple(raw[i] for i in range(9))


def _host_mktime(fields, failed):
    failed[0] = 0
    try:
        result = int(host_time.mktime(_fields(fields)))
    except (OverflowError, ValueError):
        failed[0] = 1
        return -1
    for i, value in enumerate(host_time.localtime(result)):
        fields[i] = value
    return result


def _host_strftime(buffer, size, format, fields):
    pattern = charp2str(format).encode("latin-1").decode("utf-8", "surrogateescape")
    text = host_time.strftime(pattern, _fields(fields)).encode("utf-8", "surrogateescape")
    if len(text) >= size:
        return 0
    for i, byte in enumerate(text):
        buffer[i] = chr(byte)
    return len(text)


def _host_timezone(out, buffer, size):
    host_time.tzset()
    out[0] = host_time.timezone
    out[1] = host_time.altzone
    out[2] = host_time.daylight
    for i, character in enumerate("%s\n%s\x00" % host_time.tzname):
        buffer[i] = character


_libc = library(
    """
    long long ouro_clock_ns(int);
    int ouro_sleep(long, long);
    int ouro_calendar(int, long, long *);
    long ouro_mktime(long *, long *);
    long ouro_strftime(char *, long, const char *, long *);
    void ouro_tzset(void);
    void ouro_timezone(long *, char *, long);
    """,
    includes=["stdio.h", "string.h", "time.h"],
    defines=["_GNU_SOURCE"],
    source=_SOURCE,
    saves_errno=["ouro_sleep", "ouro_calendar"],
    blocking=["ouro_sleep"],
    host={
        "ouro_clock_ns": _host_clock_ns,
        "ouro_sleep": _host_sleep,
        "ouro_calendar": _host_calendar,
        "ouro_mktime": _host_mktime,
        "ouro_strftime": _host_strftime,
        "ouro_tzset": host_time.tzset,
        "ouro_timezone": _host_timezone,
    },
)

_REAL = 0
_MONOTONIC = 1
_PROCESS = 2
_FIELDS = 9


class CalendarTime:
    """A time as year, month, day and so on."""

    def __init__(self, year, month, day, hour, minute, second, weekday, yearday, is_dst):
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.weekday = weekday
        self.yearday = yearday
        self.is_dst = is_dst


def _from_raw(raw):
    return CalendarTime(raw[0], raw[1], raw[2], raw[3], raw[4], raw[5], raw[6], raw[7], raw[8])


def _to_raw(calendar):
    raw = malloc(LONGP.TO, _FIELDS, flavor="raw")
    raw[0] = calendar.year
    raw[1] = calendar.month
    raw[2] = calendar.day
    raw[3] = calendar.hour
    raw[4] = calendar.minute
    raw[5] = calendar.second
    raw[6] = calendar.weekday
    raw[7] = calendar.yearday
    raw[8] = calendar.is_dst
    return raw


def time_ns():
    """Nanoseconds since 1970."""
    return intmask(_libc.ouro_clock_ns(_REAL))


def time():
    """Seconds since 1970."""
    return float(time_ns()) * 1e-9


def clock_ns():
    """Nanoseconds on a clock that never goes back."""
    return intmask(_libc.ouro_clock_ns(_MONOTONIC))


def clock():
    """Seconds of processor time of this process."""
    return float(_libc.ouro_clock_ns(_PROCESS)) * 1e-9


def sleep(seconds):
    """Sleep. Raises OSError with EINTR when a signal comes first, and ValueError for a negative time."""
    if not seconds >= 0.0:
        raise ValueError("sleep length must be non-negative")
    whole = int(seconds)
    if _libc.ouro_sleep(whole, int((seconds - float(whole)) * 1e9)) < 0:
        raise last_error()


def _calendar(local, seconds):
    raw = malloc(LONGP.TO, _FIELDS, flavor="raw", zero=True)
    try:
        if _libc.ouro_calendar(local, seconds, raw) < 0:
            raise ValueError("timestamp out of range for platform time_t")
        return _from_raw(raw)
    finally:
        free(raw, flavor="raw")


def gmtime(seconds):
    """The calendar time in UTC of whole seconds since 1970. Raises ValueError out of range."""
    return _calendar(0, seconds)


def localtime(seconds):
    """The local calendar time of whole seconds since 1970. Raises ValueError out of range."""
    return _calendar(1, seconds)


def mktime(calendar):
    """The seconds since 1970 of a local calendar time, whose fields may be out of range. Raises OverflowError."""
    raw = _to_raw(calendar)
    failed = malloc(LONGP.TO, 1, flavor="raw", zero=True)
    try:
        result = _libc.ouro_mktime(raw, failed)
        if failed[0]:
            raise OverflowError("mktime argument out of range")
        return result
    finally:
        free(failed, flavor="raw")
        free(raw, flavor="raw")


_LARGEST_EXPANSION = 256


def strftime(format, calendar):
    """The text of the calendar time by a C format."""
    if len(format) == 0:
        return ""
    raw = _to_raw(calendar)
    size = 1024
    try:
        while True:
            with scoped_alloc_buffer(size) as buffer:
                with scoped_str2charp(format) as raw_format:
                    length = _libc.ouro_strftime(buffer.raw, size, raw_format, raw)
                # an empty text and too small a buffer look alike
                if length > 0 or size >= _LARGEST_EXPANSION * len(format):
                    return buffer.str(length)
            size *= 2
    finally:
        free(raw, flavor="raw")


def tzset():
    """Look at the environment variable TZ again."""
    _libc.ouro_tzset()


def timezone_facts():
    """`(seconds west in winter, in summer, whether there is summer time, name in winter, name in summer)`."""
    raw = malloc(LONGP.TO, 3, flavor="raw", zero=True)
    buffer = str2charp("\x00" * 256)
    try:
        _libc.ouro_timezone(raw, buffer, 256)
        names = charp2str(buffer)
        split = names.find("\n")
        assert split >= 0
        return raw[0], raw[1], raw[2] != 0, names[:split], names[split + 1 :]
    finally:
        free(buffer, flavor="raw")
        free(raw, flavor="raw")
