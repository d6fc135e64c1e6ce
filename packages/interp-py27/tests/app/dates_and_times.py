"""datetime: arithmetic, text, zones, pickled state and errors."""

from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, tzinfo


def show(function, *args, **keywords):
    try:
        print repr(function(*args, **keywords))
    except Exception as error:
        print type(error).__name__, error


class Zone(tzinfo):
    def __init__(self, minutes, dst=0, name="Z%"):
        self.minutes = timedelta(minutes=minutes) if isinstance(minutes, int) else minutes
        self.saving = dst
        self.name = name

    def utcoffset(self, moment):
        return self.minutes

    def dst(self, moment):
        return timedelta(minutes=self.saving)

    def tzname(self, moment):
        return self.name

    def __repr__(self):
        return "Zone(%s)" % self.name


print MINYEAR, MAXYEAR
# ---- durations
for keywords in [{}, {"days": 1.5}, {"weeks": 1, "hours": -1}, {"seconds": 1e-7}, {"microseconds": 2.5}, {"milliseconds": 10 ** 20},
                 {"days": 10 ** 9}, {"days": "x"}, {"hours": 1 / 3.0, "minutes": 7L}, {"days": float("nan")}, {"years": 1}]:
    show(timedelta, **keywords)
step = timedelta(1, 2, 3)
for operation in [lambda: step * 3, lambda: 3L * step, lambda: step / 7, lambda: -step // 2, lambda: abs(-step), lambda: step - 2 * step,
                  lambda: step / 0, lambda: step * 1.5, lambda: timedelta.max + step, lambda: step < timedelta(2), lambda: step == 1,
                  lambda: step < 1, lambda: str(-step), lambda: step.total_seconds(), lambda: bool(step - step),
                  lambda: hash(step) == hash(timedelta(1, 2, 3)), lambda: step.__reduce__(), lambda: setattr(step, "days", 1)]:
    show(operation)
# ---- dates
for arguments in [(2000, 2, 29), (1900, 2, 29), (0, 1, 1), (2000, 13, 1), (2000,), (2000, 1, 1.0), ("\x07\xd0\x02\x1d",), (10000, 1, 1)]:
    show(date, *arguments)
for ordinal in [1, 365, 366, 1461, 36524, 36525, 146097, 146098, 730179, date.max.toordinal()]:
    day = date.fromordinal(ordinal)
    print day, day.toordinal() == ordinal, day.weekday(), day.isoweekday(), day.isocalendar(), day.timetuple().tm_yday
for operation in [lambda: day + step, lambda: day - step, lambda: day - date(1, 1, 1), lambda: date.min - step, lambda: day + 1,
                  lambda: day < date(2000, 1, 1), lambda: day < 1, lambda: day == 1, lambda: day.replace(month=2, day=28),
                  lambda: day.ctime(), lambda: day.strftime("%d.%m.%y %f|%z|%Z%%"), lambda: date(1899, 1, 1).strftime("%Y"),
                  lambda: format(day, "%Y"), lambda: format(day, ""), lambda: day.strftime("%"), lambda: date.fromordinal(0),
                  lambda: day.__reduce__(), lambda: day - datetime(2000, 1, 1), lambda: date(1, 1, 1) == datetime(1, 1, 1)]:
    show(operation)
# ---- times
zone = Zone(90, 30)
for arguments in [(), (1, 2, 3, 4), (24,), (1, 60), (1, 2, 3, 10 ** 6), (1, 2, 3, 4, zone), (1, 2, 3, 4, 5), ("\x01\x02\x03\x00\x00\x04",),
                  ("\x01\x02\x03\x00\x00\x04", zone), ("\x01\x02\x03\x00\x00\x04", 1)]:
    show(time, *arguments)
clock = time(1, 30, tzinfo=zone)
for operation in [lambda: str(clock), lambda: bool(clock), lambda: bool(time(0)), lambda: clock == time(0, tzinfo=Zone(0)),
                  lambda: clock == time(0), lambda: clock < time(5, tzinfo=Zone(-60)), lambda: clock.utcoffset(), lambda: clock.tzname(),
                  lambda: clock.strftime("%H:%M %z %Z %Y"), lambda: hash(clock) == hash(time(0)), lambda: clock.replace(hour=5, tzinfo=None),
                  lambda: clock.__reduce__()[1][0], lambda: clock == 1, lambda: clock < 1]:
    show(operation)
# ---- both
for arguments in [(2000, 1, 1), (2000, 1, 1, 24), (2000, 1, 1, 1, 2, 3, 4, zone), (2000, 1), ("\x07\xd0\x01\x02\x03\x04\x05\x00\x00\x06",)]:
    show(datetime, *arguments)
moment = datetime(2000, 2, 29, 23, 59, 59, 999999, zone)
naive = moment.replace(tzinfo=None)
for operation in [lambda: moment + timedelta(microseconds=1), lambda: moment - naive, lambda: moment < naive,
                  lambda: moment - datetime(2000, 2, 29, tzinfo=Zone(-90)), lambda: moment.astimezone(Zone(-600)), lambda: naive.astimezone(zone),
                  lambda: moment == moment.astimezone(Zone(0)), lambda: hash(moment) == hash(moment.astimezone(Zone(0))),
                  lambda: moment.utctimetuple(), lambda: moment.timetuple(), lambda: naive.timetuple().tm_isdst, lambda: moment.isoformat(),
                  lambda: naive.isoformat(" "), lambda: naive.isoformat("ab"), lambda: str(moment), lambda: moment.strftime("%f %z %Z"),
                  lambda: datetime.combine(day, clock), lambda: datetime.combine(1, 2), lambda: moment.timetz(), lambda: moment.time(),
                  lambda: datetime.utcfromtimestamp(1e9), lambda: datetime.utcfromtimestamp(-1.5), lambda: datetime.utcfromtimestamp(1e20),
                  lambda: datetime.fromtimestamp(0, Zone(60)), lambda: datetime.fromtimestamp(0, 1), lambda: datetime.max + timedelta(1),
                  lambda: datetime.min.replace(tzinfo=Zone(1439)).utctimetuple(), lambda: Zone(1).fromutc(moment), lambda: zone.fromutc(naive),
                  lambda: tzinfo().utcoffset(None), lambda: zone.__reduce__()[1], lambda: datetime.strptime("2001-02-03", "%Y-%m-%d")]:
    show(operation)
for minutes in [timedelta(seconds=30), timedelta(2), timedelta(-1), 1.5, None]:
    show(datetime(2000, 1, 1, tzinfo=Zone(minutes)).isoformat)


class Stamp(datetime):
    pass


stamp = Stamp(2000, 1, 1)
print repr(stamp), repr(stamp + step), repr(stamp.replace(year=1)), type(Stamp.now()).__name__, repr(Stamp.fromordinal(5)), stamp.__reduce__()[1]
print abs(datetime.now() - datetime.fromtimestamp(__import__("time").time())) < timedelta(seconds=5), date.today() <= datetime.now().date()
