"""The proleptic Gregorian calendar: days as ordinals (1 is January 1 of year 1) and as year, month, day."""

MIN_YEAR = 1
MAX_YEAR = 9999
MAX_ORDINAL = 3652059
MONDAY_FIRST = 6

DAYS_BEFORE_MONTH = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
DAYS_IN_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

DAYS_IN_4_YEARS = 1461
DAYS_IN_100_YEARS = 36524
DAYS_IN_400_YEARS = 146097

DAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTH_NAMES = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year, month):
    if month == 2 and is_leap(year):
        return 29
    return DAYS_IN_MONTH[month]


def days_before_month(year, month):
    """The days of the year before the first of the month."""
    days = DAYS_BEFORE_MONTH[month]
    if month > 2 and is_leap(year):
        days += 1
    return days


def days_before_year(year):
    before = year - 1
    return before * 365 + before // 4 - before // 100 + before // 400


def to_ordinal(year, month, day):
    return days_before_year(year) + days_before_month(year, month) + day


def from_ordinal(ordinal):
    """Year, month, day; the ordinal is positive.

    The calendar repeats every 400 years; within that, cycles of 100, 4 and 1 years are counted off. The last day of
    a cycle of 400 or 4 years counts as a fifth cycle of the next kind, which only December 31 of a leap year is.
    """
    rest = ordinal - 1
    cycles_of_400 = rest // DAYS_IN_400_YEARS
    rest -= cycles_of_400 * DAYS_IN_400_YEARS
    cycles_of_100 = rest // DAYS_IN_100_YEARS
    rest -= cycles_of_100 * DAYS_IN_100_YEARS
    cycles_of_4 = rest // DAYS_IN_4_YEARS
    rest -= cycles_of_4 * DAYS_IN_4_YEARS
    years = rest // 365
    rest -= years * 365
    year = cycles_of_400 * 400 + cycles_of_100 * 100 + cycles_of_4 * 4 + years + 1
    if years == 4 or cycles_of_100 == 4:
        return year - 1, 12, 31
    month = 12
    while days_before_month(year, month) > rest:
        month -= 1
    return year, month, rest - days_before_month(year, month) + 1


def weekday(year, month, day):
    """Monday is 0."""
    return (to_ordinal(year, month, day) + MONDAY_FIRST) % 7


def first_iso_monday(year):
    """The ordinal of the Monday that begins ISO week 1 of the year: the week with the first Thursday."""
    first = to_ordinal(year, 1, 1)
    first_weekday = (first + MONDAY_FIRST) % 7
    monday = first - first_weekday
    if first_weekday > 3:
        monday += 7
    return monday


def normalized_day(year, month, day):
    """Year, month and day for a day that may lie outside the month.

    The year may come out of range: one day beyond either end of the calendar still gives its fields, farther ones
    give year 0 or MAX_YEAR + 1.
    """
    in_month = days_in_month(year, month)
    if 1 <= day <= in_month:
        return year, month, day
    if day == 0:
        if month == 1:
            return year - 1, 12, 31
        return year, month - 1, days_in_month(year, month - 1)
    if day == in_month + 1:
        if month == 12:
            return year + 1, 1, 1
        return year, month + 1, 1
    ordinal = to_ordinal(year, month, 1) + day - 1
    if ordinal < 1:
        return MIN_YEAR - 1, 1, 1
    if ordinal > MAX_ORDINAL:
        return MAX_YEAR + 1, 1, 1
    return from_ordinal(ordinal)
