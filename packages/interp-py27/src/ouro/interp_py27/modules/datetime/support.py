"""What the types of ``datetime`` share: argument and range checks, comparisons, pickled state, ``strftime``."""

from ouro.interp_py27.modules.datetime import calendar
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import operror, overflow_error, type_error, value_error
from ouro.interp_py27.vm.typedef import GetSet
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rstring import StringBuilder

MAX_C_INT = 2 ** 31 - 1
MIN_C_INT = -(2 ** 31)

# How the outcome of a comparison, less than, equal to or greater than 0, answers each operator.
OUTCOMES = {
    "eq": lambda order: order == 0,
    "ne": lambda order: order != 0,
    "lt": lambda order: order < 0,
    "le": lambda order: order <= 0,
    "gt": lambda order: order > 0,
    "ge": lambda order: order >= 0,
}


# ---- arguments


def c_int_w(w_value):
    """An argument that has to fit a C int."""
    value = space.arg_int_w(w_value)
    if value > MAX_C_INT:
        raise overflow_error("signed integer is greater than maximum")
    if value < MIN_C_INT:
        raise overflow_error("signed integer is less than minimum")
    return value


def optional_int(w_value, default):
    if w_value is None:
        return default
    return c_int_w(w_value)


def required(w_value, name, position):
    if w_value is None:
        raise type_error("Required argument '%s' (pos %d) not found" % (name, position))


def check_date(year, month, day):
    if year < calendar.MIN_YEAR or year > calendar.MAX_YEAR:
        raise value_error("year is out of range")
    if month < 1 or month > 12:
        raise value_error("month must be in 1..12")
    if day < 1 or day > calendar.days_in_month(year, month):
        raise value_error("day is out of range for month")


def check_time(hour, minute, second, microsecond):
    if hour < 0 or hour > 23:
        raise value_error("hour must be in 0..23")
    if minute < 0 or minute > 59:
        raise value_error("minute must be in 0..59")
    if second < 0 or second > 59:
        raise value_error("second must be in 0..59")
    if microsecond < 0 or microsecond > 999999:
        raise value_error("microsecond must be in 0..999999")


def check_result_year(year):
    if year < calendar.MIN_YEAR or year > calendar.MAX_YEAR:
        raise overflow_error("date value out of range")


# ---- comparing


def cannot_compare(w_left, w_right):
    return type_error("can't compare %s to %s" % (space.type_name(w_left), space.type_name(w_right)))


def order_of(left, right):
    if left == right:
        return 0
    return -1 if left < right else 1


@not_rpython
def comparisons(prefix, compare):
    """The six special methods; ``compare(self, w_other, operator_name)`` gives the order or None for NotImplemented."""

    def make(name, outcome):
        only_equality = name in ("eq", "ne")

        def method(self, w_other):
            return compare(self, w_other, outcome, only_equality)

        method.__name__ = method.__qualname__ = prefix + "_" + name
        return method

    return {"__%s__" % name: make(name, outcome) for name, outcome in OUTCOMES.items()}


# ---- parts


@not_rpython
def clock_attributes():
    """What ``time`` and ``datetime`` have in common. Made for each, as their fields are those of different classes."""

    def get_hour(self):
        return space.newint(self.hour)

    def get_minute(self):
        return space.newint(self.minute)

    def get_second(self):
        return space.newint(self.second)

    def get_microsecond(self):
        return space.newint(self.microsecond)

    def get_tzinfo(self):
        return self.w_zone

    def descr_reduce(self):
        """__reduce__() -> (cls, state)"""
        args_w = [space.newstr(self.state())]
        if not space.is_none(self.w_zone):
            args_w.append(self.w_zone)
        return space.newtuple([self.getclass(), space.newtuple(args_w)])

    return {
        "hour": GetSet(get_hour),
        "minute": GetSet(get_minute),
        "second": GetSet(get_second),
        "microsecond": GetSet(get_microsecond),
        "tzinfo": GetSet(get_tzinfo),
        "__reduce__": descr_reduce,
    }


# ---- text


def two_digits(number):
    if number < 10:
        return "0%d" % number
    return str(number)


def padded(number, width):
    text = str(number)
    if len(text) < width:
        return "0" * (width - len(text)) + text
    return text


def date_text(year, month, day):
    return padded(year, 4) + "-" + two_digits(month) + "-" + two_digits(day)


def time_text(hour, minute, second, microsecond):
    text = two_digits(hour) + ":" + two_digits(minute) + ":" + two_digits(second)
    if microsecond:
        text += "." + padded(microsecond, 6)
    return text


def ctime_text(year, month, day, hour, minute, second):
    day_text = str(day)
    if day < 10:
        day_text = " " + day_text
    return "%s %s %s %s %s" % (
        calendar.DAY_NAMES[calendar.weekday(year, month, day)], calendar.MONTH_NAMES[month], day_text,
        time_text(hour, minute, second, 0), padded(year, 4))



def descr_format(self, w_specification):
    """Formats self with strftime."""
    if not space.is_text(w_specification):
        raise value_error("__format__ expects str or unicode, not %s" % space.type_name(w_specification))
    if space.len_w(w_specification) == 0:
        if space.is_unicode(w_specification):
            return space.unicode_from(self)
        return space.str(self)
    return space.getattr_str(self, "strftime").call_1(w_specification)


def format_argument(w_format):
    """The format that strftime() is given."""
    required(w_format, "format", 1)
    if space.is_text(w_format):
        return space.text_w(w_format)
    buffer = w_format.get_buffer()
    if buffer is None or not buffer.old or space.is_bytearray(w_format):
        raise type_error(
            "strftime() argument 1 must be string or read-only buffer, not %s" % space.type_name(w_format))
    return buffer.all_text()


class Fields:
    """What ``%z``, ``%Z`` and ``%f`` of strftime stand for; asked only where they occur."""

    def offset_text(self):
        return ""

    def zone_text(self):
        return ""

    def microsecond(self):
        return 0


def strftime(w_timetuple, format, fields):
    """``time.strftime`` with the escapes replaced that it does not know."""
    year = space.int_w(space.getitem(w_timetuple, space.newint(0)))
    if year < 1900:
        raise value_error(
            "year=%d is before 1900; the datetime strftime() methods require year >= 1900" % year)
    format = space.until_nul(format)
    builder = StringBuilder(len(format))
    position = 0
    while position < len(format):
        character = format[position]
        position += 1
        if character != "%":
            builder.append(character)
            continue
        if position == len(format):
            raise value_error("strftime format ends with raw %")
        code = format[position]
        position += 1
        if code == "z":
            builder.append(fields.offset_text())
        elif code == "Z":
            builder.append(fields.zone_text())
        elif code == "f":
            builder.append(padded(fields.microsecond(), 6))
        else:
            builder.append("%")
            builder.append(code)
    w_strftime = space.getattr_str(space.import_module("time"), "strftime")
    return w_strftime.call_2(space.newstr(builder.build()), w_timetuple)


def struct_time(year, month, day, hour, minute, second, is_dst):
    """A ``time.struct_time``."""
    day_of_year = calendar.days_before_month(year, month) + day
    values = [year, month, day, hour, minute, second, calendar.weekday(year, month, day), day_of_year, is_dst]
    w_class = space.getattr_str(space.import_module("time"), "struct_time")
    return w_class.call_1(space.newtuple([space.newint(value) for value in values]))


# ---- pickled state


def state_text(w_state, length):
    """The bytes of a pickled state, or "" where the argument is none."""
    if w_state is None or not space.is_str(w_state):
        return ""
    state = space.bytes_w(w_state)
    if len(state) != length:
        return ""
    return state


def date_state(year, month, day):
    return chr(year >> 8) + chr(year & 255) + chr(month) + chr(day)


def time_state(hour, minute, second, microsecond):
    return (chr(hour) + chr(minute) + chr(second)
            + chr(microsecond >> 16) + chr((microsecond >> 8) & 255) + chr(microsecond & 255))


def state_year(state):
    return (ord(state[0]) << 8) | ord(state[1])


def state_microsecond(state, start):
    return (ord(state[start]) << 16) | (ord(state[start + 1]) << 8) | ord(state[start + 2])


def not_implemented(message):
    return operror(space.w_NotImplementedError, message)
