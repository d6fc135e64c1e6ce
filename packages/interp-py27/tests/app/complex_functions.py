import cmath

inf, nan = float('inf'), float('nan')
parts = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, inf, -inf, nan, 1e308, -5e-324, 1e-310, 710.2, -710.2, 1e154]


def show(name, function, *arguments):
    try:
        print name, arguments, repr(function(*arguments))
    except (ValueError, OverflowError, TypeError) as error:
        print name, arguments, repr(error)


for name in 'acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh polar isnan isinf'.split():
    for x in parts:
        for y in parts:
            show(name, getattr(cmath, name), complex(x, y))
for x in parts:
    for y in parts:
        show('rect', cmath.rect, x, y)
for base in 2, 0, 1j, 1, -inf:
    show('log', cmath.log, 3 + 4j, base)
    show('log', cmath.log, 0, base)


class Number(object):
    def __complex__(self):
        return 3 - 4j


class Wrong:
    def __complex__(self):
        return 2


for argument in 7, 7L, 2.5, Number(), 'x', None:
    show('sqrt', cmath.sqrt, *([argument] if not isinstance(argument, Number) else [complex(argument)]))
print cmath.sqrt(Number()), cmath.phase(Number()), cmath.phase(-1), cmath.pi, cmath.e
for call in cmath.sqrt, cmath.polar:
    try:
        call(Wrong())
    except TypeError as error:
        print error
print complex(1, -0.0), complex(-0.0, -0.0), complex(1 + 0j, -0.0), complex(1 - 0j, 2j), complex(1, -0.0 + 0j)
