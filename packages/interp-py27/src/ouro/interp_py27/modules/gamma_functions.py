"""``math.gamma``, ``lgamma``, ``erf`` and ``erfc``, computed in the order of operations of CPython 2.7.

C libraries differ in the last digits of these functions, and CPython does not use theirs; so neither do we. Gamma
follows Lanczos' approximation, SIAM J. Numer. Anal. 1 (1964), with the rational form and coefficients of Boost (N=13,
g=6.02...) and a correction for the rounding of the base of the power. The error functions follow Abramowitz and Stegun:
the power series 7.1.6 below 1.5, the continued fraction 7.1.14 above.
"""

import math

from ouro.interp_py27.objects.c_math import libm
from ouro.rlib.rfloat import copysign, isfinite, isinf, isnan

G = 6.024680040776729583740234375
G_LESS_HALF = 5.524680040776729583740234375
NUMERATOR = [
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
]  # fmt: skip
#: The coefficients of x(x+1)...(x+11), from that of 1 on.
DENOMINATOR = [
    0.0, 39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0, 2637558.0, 357423.0, 32670.0,
    1925.0, 66.0, 1.0,
]  # fmt: skip
TERMS = len(NUMERATOR)

#: gamma of the whole numbers from 1 on, as far as these are exact.
WHOLE = [float(math.factorial(n)) for n in range(23)]

SQUARE_ROOT_OF_PI = 1.772453850905516027298167483341145182798
SERIES_LIMIT = 1.5
SERIES_TERMS = 25
FRACTION_LIMIT = 30.0
FRACTION_TERMS = 50


def sine_of_pi_times(x):
    """sin(pi * x), exact at the zeros."""
    y = libm.fmod(libm.fabs(x), 2.0)
    quarter = int(2.0 * y + 0.5)
    if quarter == 0:
        result = libm.sin(math.pi * y)
    elif quarter == 1:
        result = libm.cos(math.pi * (y - 0.5))
    elif quarter == 2:
        result = libm.sin(math.pi * (1.0 - y))
    elif quarter == 3:
        result = -libm.cos(math.pi * (y - 1.5))
    else:
        result = libm.sin(math.pi * (y - 2.0))
    return copysign(1.0, x) * result


def lanczos_sum(x):
    """The rational function of the approximation, for positive x; by powers of 1/x where those of x would grow."""
    numerator = 0.0
    denominator = 0.0
    if x < 5.0:
        index = TERMS - 1
        while index >= 0:
            numerator = numerator * x + NUMERATOR[index]
            denominator = denominator * x + DENOMINATOR[index]
            index -= 1
    else:
        for index in range(TERMS):
            numerator = numerator / x + NUMERATOR[index]
            denominator = denominator / x + DENOMINATOR[index]
    return numerator / denominator


def gamma(x):
    """Raises ValueError at the poles and OverflowError."""
    if not isfinite(x):
        if isnan(x) or x > 0.0:
            return x
        raise ValueError
    if x == 0.0:
        raise ValueError
    size = libm.fabs(x)
    if x == libm.floor(x):
        if x < 0.0:
            raise ValueError
        if x <= float(len(WHOLE)):
            return WHOLE[int(x) - 1]
    if size < 1e-20:
        result = 1.0 / x
        if isinf(result):
            raise OverflowError
        return result
    if size > 200.0:
        if x < 0.0:
            return 0.0 / sine_of_pi_times(x)
        raise OverflowError
    base = size + G_LESS_HALF
    if size > G_LESS_HALF:
        error = (base - size) - G_LESS_HALF
    else:
        error = (base - G_LESS_HALF) - size
    error = error * G / base
    if x < 0.0:
        result = -math.pi / sine_of_pi_times(size) / size * libm.exp(base) / lanczos_sum(size)
        result -= error * result
        if size < 140.0:
            result /= libm.pow(base, size - 0.5)
        else:
            root = libm.pow(base, size / 2.0 - 0.25)
            result /= root
            result /= root
    else:
        result = lanczos_sum(size) / libm.exp(base)
        result += error * result
        if size < 140.0:
            result *= libm.pow(base, size - 0.5)
        else:
            root = libm.pow(base, size / 2.0 - 0.25)
            result *= root
            result *= root
    if isinf(result):
        raise OverflowError
    return result


def log_gamma(x):
    """The logarithm of the size of gamma; raises ValueError at the poles and OverflowError."""
    if not isfinite(x):
        if isnan(x):
            return x
        return libm.fabs(x)
    size = libm.fabs(x)
    if x <= 2.0 and x == libm.floor(x):
        if x <= 0.0:
            raise ValueError
        return 0.0
    if size < 1e-20:
        return -libm.log(size)
    of_size = libm.log(lanczos_sum(size)) - G + (size - 0.5) * (libm.log(size + G - 0.5) - 1.0)
    if x > 0.0:
        result = of_size
    else:
        result = libm.log(math.pi) - libm.log(libm.fabs(sine_of_pi_times(size))) - libm.log(size) - of_size
    if isinf(result):
        raise OverflowError
    return result


def error_series(x):
    square = x * x
    total = 0.0
    divisor = SERIES_TERMS + 0.5
    for _ in range(SERIES_TERMS):
        total = 2.0 + square * total / divisor
        divisor -= 1.0
    return total * x * libm.exp(-square) / SQUARE_ROOT_OF_PI


def complementary_fraction(x):
    if x >= FRACTION_LIMIT:
        return 0.0
    square = x * x
    a = 0.0
    step = 0.5
    numerator = 1.0
    last_numerator = 0.0
    denominator = step + square
    last_denominator = 1.0
    for _ in range(FRACTION_TERMS):
        a += step
        step += 2.0
        b = step + square
        next_numerator = b * numerator - a * last_numerator
        last_numerator = numerator
        numerator = next_numerator
        next_denominator = b * denominator - a * last_denominator
        last_denominator = denominator
        denominator = next_denominator
    return numerator / denominator * x * libm.exp(-square) / SQUARE_ROOT_OF_PI


def error_function(x):
    if isnan(x):
        return x
    size = libm.fabs(x)
    if size < SERIES_LIMIT:
        return error_series(x)
    rest = complementary_fraction(size)
    return 1.0 - rest if x > 0.0 else rest - 1.0


def complementary_error_function(x):
    if isnan(x):
        return x
    size = libm.fabs(x)
    if size < SERIES_LIMIT:
        return 1.0 - error_series(x)
    rest = complementary_fraction(size)
    return rest if x > 0.0 else 2.0 - rest
