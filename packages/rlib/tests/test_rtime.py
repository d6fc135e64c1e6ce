"""Clocks and calendars agree with the host's."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import rtime

SECONDS = st.integers(-(2**31), 2**33)


def fields(calendar):
    return (
        calendar.year,
        calendar.month,
        calendar.day,
        calendar.hour,
        calendar.minute,
        calendar.second,
        calendar.weekday,
        calendar.yearday,
        calendar.is_dst,
    )


@given(SECONDS)
def test_calendars_agree_with_the_host(seconds):
    assert fields(rtime.gmtime(seconds)) == tuple(time.gmtime(seconds))
    assert fields(rtime.localtime(seconds)) == tuple(time.localtime(seconds))
    assert rtime.mktime(rtime.localtime(seconds)) == seconds


@pytest.mark.parametrize("format", ["%Y-%m-%d %H:%M:%S %j %a %b", "", "%%", "x" * 2000, "%p"])
def test_formatting_agrees_with_the_host(format):
    assert rtime.strftime(format, rtime.gmtime(86400 * 365)) == time.strftime(format, time.gmtime(86400 * 365))


def test_clocks_go_on():
    before = rtime.clock_ns()
    now = rtime.time()
    rtime.sleep(0.01)
    assert rtime.clock_ns() - before >= 10**7
    assert abs(now - time.time()) < 10.0
    assert rtime.clock() > 0.0


def test_bad_times_are_errors():
    with pytest.raises(ValueError):
        rtime.sleep(-1.0)
    with pytest.raises(ValueError):
        rtime.gmtime(2**62)


def test_facts_about_the_time_zone_are_those_of_the_host():
    facts = rtime.timezone_facts()
    assert facts == (time.timezone, time.altzone, bool(time.daylight), *time.tzname)
