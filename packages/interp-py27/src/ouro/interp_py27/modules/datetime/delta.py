"""``timedelta``: days, seconds and microseconds, normalized so that only the days may be negative."""

import math

from ouro.interp_py27.modules.datetime.support import (
    MAX_C_INT,
    MIN_C_INT,
    cannot_compare,
    comparisons,
    order_of,
    padded,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import operror, overflow_error, type_error, value_error
from ouro.interp_py27.vm.typedef import Member, define_type
from ouro.rlib.rarithmetic import ovfcheck
from ouro.rlib.rbigint import rbigint

MAX_DAYS = 999999999
SECONDS_PER_DAY = 24 * 3600
MICROSECONDS_PER_SECOND = 1000000
MICROSECONDS_PER_DAY = SECONDS_PER_DAY * MICROSECONDS_PER_SECOND
# Up to here the microseconds of the days fit a machine word.
MAX_WORD_DAYS = 2 ** 62 // MICROSECONDS_PER_DAY


class W_TimeDelta(W_Root):
    """A duration; the three parts are normalized."""

    _attrs_ = ("days", "seconds", "microseconds")
    _immutable_fields_ = ["days", "seconds", "microseconds"]

    def __init__(self, days, seconds, microseconds):
        self.days = days
        self.seconds = seconds
        self.microseconds = microseconds


W_TimeDeltaUser = make_user_class(W_TimeDelta)


def is_delta(w_obj):
    return isinstance(w_obj, W_TimeDelta)


def check_days(days):
    if days < -MAX_DAYS or days > MAX_DAYS:
        raise overflow_error("days=%d; must have magnitude <= %d" % (days, MAX_DAYS))


def new_delta(days, seconds, microseconds):
    """A timedelta of parts that need not be normalized; they must be small enough to be added up in a word."""
    carry = microseconds // MICROSECONDS_PER_SECOND
    microseconds -= carry * MICROSECONDS_PER_SECOND
    seconds += carry
    carry = seconds // SECONDS_PER_DAY
    seconds -= carry * SECONDS_PER_DAY
    days += carry
    check_days(days)
    return W_TimeDelta(days, seconds, microseconds)


def delta_of_minutes(minutes):
    return new_delta(0, minutes * 60, 0)


def parts_of_big(total):
    """Normalized days, seconds and microseconds of a rbigint of microseconds."""
    if total.fits_int():
        word = total.toint()
        days = word // MICROSECONDS_PER_DAY
        rest = word - days * MICROSECONDS_PER_DAY
    else:
        big_days, big_rest = total.divmod(rbigint.fromint(MICROSECONDS_PER_DAY))
        if not big_days.fits_int():
            raise overflow_error("Python int too large to convert to C int")
        days = big_days.toint()
        rest = big_rest.toint()
    if days < MIN_C_INT or days > MAX_C_INT:
        raise overflow_error("Python int too large to convert to C int")
    check_days(days)
    return days, rest // MICROSECONDS_PER_SECOND, rest % MICROSECONDS_PER_SECOND


def new_delta_of_big(total):
    days, seconds, microseconds = parts_of_big(total)
    return W_TimeDelta(days, seconds, microseconds)


def total_microseconds(w_delta):
    """As a rbigint."""
    rest = w_delta.seconds * MICROSECONDS_PER_SECOND + w_delta.microseconds
    if -MAX_WORD_DAYS < w_delta.days < MAX_WORD_DAYS:
        return rbigint.fromint(w_delta.days * MICROSECONDS_PER_DAY + rest)
    days = rbigint.fromint(w_delta.days).mul(rbigint.fromint(MICROSECONDS_PER_DAY))
    return days.add(rbigint.fromint(rest))


# ---- making


class Total:
    """Microseconds under addition: exact, but for `rest`, the fractions of floats."""

    def __init__(self):
        self.word = 0
        self.big = None
        self.rest = 0.0

    def add_big(self, value):
        if self.big is None:
            self.big = rbigint.fromint(self.word)
        self.big = self.big.add(value)

    def add_word(self, value, factor):
        if self.big is None:
            try:
                self.word = ovfcheck(self.word + ovfcheck(value * factor))
                return
            except OverflowError:
                # The sum needs more than a word from here on.
                pass
        self.add_big(rbigint.fromint(value).mul(rbigint.fromint(factor)))

    def add_float(self, value, factor):
        if value != value:
            raise value_error("cannot convert float NaN to integer")
        if value - value != 0.0:
            raise overflow_error("cannot convert float infinity to integer")
        fraction, whole = math.modf(value)
        self.add_big(rbigint.fromfloat(whole).mul(rbigint.fromint(factor)))
        if fraction != 0.0:
            fraction, whole = math.modf(fraction * float(factor))
            self.add_big(rbigint.fromfloat(whole))
            self.rest += fraction

    def add(self, w_value, factor, name):
        if w_value is None:
            return
        if space.is_int(w_value):
            self.add_word(space.int_w(w_value), factor)
        elif space.is_long(w_value):
            self.add_big(space.bigint_w(w_value).mul(rbigint.fromint(factor)))
        elif space.is_float(w_value):
            self.add_float(space.float_w(w_value), factor)
        else:
            raise type_error(
                "unsupported type for timedelta %s component: %s" % (name, space.type_name(w_value)))

    def parts(self):
        if self.rest != 0.0:
            self.add_word(round_half_away(self.rest), 1)
        if self.big is not None:
            return parts_of_big(self.big)
        return parts_of_big(rbigint.fromint(self.word))


def round_half_away(value):
    if value >= 0.0:
        return int(math.floor(value + 0.5))
    return int(math.ceil(value - 0.5))


def delta_new(w_subtype, w_days=None, w_seconds=None, w_microseconds=None, w_milliseconds=None, w_minutes=None,
              w_hours=None, w_weeks=None):
    total = Total()
    total.add(w_microseconds, 1, "microseconds")
    total.add(w_milliseconds, 1000, "milliseconds")
    total.add(w_seconds, MICROSECONDS_PER_SECOND, "seconds")
    total.add(w_minutes, 60 * MICROSECONDS_PER_SECOND, "minutes")
    total.add(w_hours, 3600 * MICROSECONDS_PER_SECOND, "hours")
    total.add(w_days, MICROSECONDS_PER_DAY, "days")
    total.add(w_weeks, 7 * MICROSECONDS_PER_DAY, "weeks")
    days, seconds, microseconds = total.parts()
    if w_subtype is W_TimeDelta.w_builtin_type:
        return W_TimeDelta(days, seconds, microseconds)
    space.check_subtype(w_subtype, W_TimeDelta.w_builtin_type)
    w_delta = W_TimeDeltaUser(days, seconds, microseconds)
    space.init_user(w_delta, w_subtype)
    return w_delta


# ---- arithmetic


def descr_add(self, w_other):
    if not isinstance(w_other, W_TimeDelta):
        return space.w_NotImplemented
    return new_delta(
        self.days + w_other.days, self.seconds + w_other.seconds, self.microseconds + w_other.microseconds)


def descr_sub(self, w_other):
    if not isinstance(w_other, W_TimeDelta):
        return space.w_NotImplemented
    return new_delta(
        self.days - w_other.days, self.seconds - w_other.seconds, self.microseconds - w_other.microseconds)


def descr_rsub(self, w_other):
    if not isinstance(w_other, W_TimeDelta):
        return space.w_NotImplemented
    return descr_sub(w_other, self)


def descr_mul(self, w_factor):
    if space.is_int(w_factor) or space.is_long(w_factor):
        return new_delta_of_big(total_microseconds(self).mul(space.bigint_w(w_factor)))
    return space.w_NotImplemented


def descr_floordiv(self, w_divisor):
    if not space.is_int(w_divisor) and not space.is_long(w_divisor):
        return space.w_NotImplemented
    divisor = space.bigint_w(w_divisor)
    if divisor.sign == 0:
        raise operror(space.w_ZeroDivisionError, "integer division or modulo by zero")
    quotient, _ = total_microseconds(self).divmod(divisor)
    return new_delta_of_big(quotient)


def descr_reflected_division(self, w_other):
    return space.w_NotImplemented


def descr_neg(self):
    return new_delta(-self.days, -self.seconds, -self.microseconds)


def descr_pos(self):
    return new_delta(self.days, self.seconds, self.microseconds)


def descr_abs(self):
    if self.days < 0:
        return descr_neg(self)
    return descr_pos(self)


def descr_nonzero(self):
    return space.newbool(self.days != 0 or self.seconds != 0 or self.microseconds != 0)


def order(w_left, w_right):
    if w_left.days != w_right.days:
        return order_of(w_left.days, w_right.days)
    if w_left.seconds != w_right.seconds:
        return order_of(w_left.seconds, w_right.seconds)
    return order_of(w_left.microseconds, w_right.microseconds)


def compare(w_left, w_right, outcome, only_equality):
    if isinstance(w_right, W_TimeDelta):
        return space.newbool(outcome(order(w_left, w_right)))
    if only_equality:
        return space.newbool(outcome(1))
    raise cannot_compare(w_left, w_right)


# ---- showing


def parts_tuple(w_delta):
    return space.newtuple([
        space.newint(w_delta.days), space.newint(w_delta.seconds), space.newint(w_delta.microseconds)])


def descr_hash(self):
    return space.newint(space.hash_int(parts_tuple(self)))


def descr_repr(self):
    name = space.type_name(self)
    if self.microseconds != 0:
        return space.newstr("%s(%d, %d, %d)" % (name, self.days, self.seconds, self.microseconds))
    if self.seconds != 0:
        return space.newstr("%s(%d, %d)" % (name, self.days, self.seconds))
    return space.newstr("%s(%d)" % (name, self.days))


def descr_str(self):
    minutes = self.seconds // 60
    text = "%d:%s:%s" % (minutes // 60, padded(minutes % 60, 2), padded(self.seconds % 60, 2))
    if self.days != 0:
        plural = "" if self.days == 1 or self.days == -1 else "s"
        text = "%d day%s, %s" % (self.days, plural, text)
    if self.microseconds != 0:
        text += "." + padded(self.microseconds, 6)
    return space.newstr(text)


def descr_reduce(self):
    """__reduce__() -> (cls, state)"""
    return space.newtuple([self.getclass(), parts_tuple(self)])


def descr_total_seconds(self):
    """Total seconds in the duration."""
    return space.truediv(space.newlong(total_microseconds(self)), space.newint(MICROSECONDS_PER_SECOND))


def get_days(self):
    return space.newint(self.days)


def get_seconds(self):
    return space.newint(self.seconds)


def get_microseconds(self):
    return space.newint(self.microseconds)


define_type(W_TimeDelta, "timedelta", dict(
    comparisons("delta", compare),
    __doc__="Difference between two datetime values.",
    __new__=delta_new,
    __add__=descr_add,
    __radd__=descr_add,
    __sub__=descr_sub,
    __rsub__=descr_rsub,
    __mul__=descr_mul,
    __rmul__=descr_mul,
    __div__=descr_floordiv,
    __rdiv__=descr_reflected_division,
    __floordiv__=descr_floordiv,
    __rfloordiv__=descr_reflected_division,
    __neg__=descr_neg,
    __pos__=descr_pos,
    __abs__=descr_abs,
    __nonzero__=descr_nonzero,
    __hash__=descr_hash,
    __repr__=descr_repr,
    __str__=descr_str,
    __reduce__=descr_reduce,
    total_seconds=descr_total_seconds,
    days=Member(getter=get_days, doc="Number of days."),
    seconds=Member(getter=get_seconds, doc="Number of seconds (>= 0 and less than 1 day)."),
    microseconds=Member(getter=get_microseconds, doc="Number of microseconds (>= 0 and less than 1 second)."),
), module="datetime", user_class=W_TimeDeltaUser)
