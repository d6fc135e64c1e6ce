# Divisions and remainders of small integers, floats and both, by both signs and by zero; types called with one argument.
values = [0, 1, -1, 7, -7, 3, -3, 2 ** 62, -2 ** 63, 0.0, 2.5, -2.5, True, False]
for a in values:
    for b in values:
        line = []
        for name, operation in (('/', lambda: a / b), ('//', lambda: a // b), ('%', lambda: a % b)):
            try:
                result = operation()
                line.append((name, result, type(result).__name__))
            except ZeroDivisionError as error:
                line.append((name, str(error)))
        print repr(a), repr(b), line
for kind in (str, int, float, list, tuple, set, frozenset, dict, bool, unicode, repr, iter, type, object, complex, long):
    for argument in ('12', 12, [1, 2], (3,), {}, None):
        try:
            print kind.__name__, type(kind(argument)).__name__,
        except (TypeError, ValueError) as error:
            print kind.__name__, error,
    print
class Number(int):
    def __init__(self, value):
        self.seen = value
class Text(str):
    pass
print Number('5').seen, Number(6) + 1, Text(7), type(Text(7)).__name__
print [c for c in 'abc'], list('xyz'), tuple('pq'), [i for i in iter('')], type(iter('a')).__name__
