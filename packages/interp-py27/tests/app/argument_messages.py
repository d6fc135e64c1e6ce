"""What built-in functions and methods say of arguments of another kind or number, and in which order they look."""

import operator


def attempt(text):
    try:
        print text, "->", repr(eval(text))[:80]
    except Exception as error:
        print text, "->", type(error).__name__, error


for receiver in ["'abc'", "u'abc'", "bytearray('abc')"]:
    for call in ["find()", "rindex()", "find('a', 1, 2, 3)", "count()", "index('a', 'b')", "index(1, 'b')", "find('a', 1.5)",
                 "count(1, 'a')", "zfill()", "zfill(1, 2)", "zfill('a')", "zfill(1.5)", "center(None)", "ljust(1.5)",
                 "ljust(3, None)", "rjust(3, 1.5)", "center(3, 'ab')",
                 "expandtabs('a')", "expandtabs(2 ** 40)", "split('a', 'a')", "split('a', 1.5)", "rsplit('a', None)",
                 "replace('a', 'b', 'a')", "splitlines('a')", "splitlines(2 ** 40)", "__mul__('a')"]:
        attempt("%s.%s" % (receiver, call))

for text in [
        "[1].pop('a')", "[1].insert('a', 1)", "[1].insert(1.5, 1)", "[1].index(1, 'a')", "(1,).index(1, None)", "[1].__imul__(None)",
        "[1].sort(reverse=1.5)", "sorted([1], reverse='a')", "sorted([2, 1], reverse=True)", "sorted([2, 1], cmp=lambda p, q: 1L)",
        "operator.mul(1)", "operator.contains(1)", "operator.add(1, 2, 3)", "operator.neg()", "operator.mul(1, q=2)",
        "u'%c' % 123456.789", "u'%c' % float('inf')", "u'%c' % 10 ** 30", "u'%c' % []", "u'%c' % -1", "'%c' % 65.5", "'%c' % 300",
        "'%.0d' % 0", "'%#.0x' % 0", "'%+#25.0x' % 0", "'%.0o' % 0", "'%.0d' % 0L", "u'%03.0d' % 0", "'%.0u' % False", "'%.0d' % 5",
        "u'%f' % []", "u'%f' % 1j", "'%f' % []", "'%f' % 1j", "format(1, '.3s')", "format(1L, '.3r')", "format(1, '.3d')",
        "format(1, '#c')", "sum(3, 'a')", "sum([], 'a')", "max()", "int('1', 'a')", "int('1', 1.5)", "int('1', 2 ** 40)",
        "int('1\\0', 37)", "long('1', 37)", "eval('a\\0b')", "compile('a\\0b', 'n', 'eval')",
        "range(2 ** 63)", "range(-2 ** 64, 2 ** 64)", "range(2 ** 64, 3)", "range(0, 2 ** 64, 2 ** 62)", "range(2 ** 63, 2 ** 63 + 3)",
        "range(5, -2 ** 65, -2 ** 64)", "range(0L, 3L)", "range(2 ** 63 - 2, 2 ** 63 + 1)"]:
    attempt(text)

try:
    with 3:
        pass
except AttributeError as error:
    print error

# Keys are made in the order of the items, also where the result is reversed.
for arguments in [{}, {"cmp": cmp}, {"reverse": True}, {"reverse": -1, "cmp": cmp}]:
    seen = []
    print sorted([3, 1, 2, 11, 1], key=lambda item: seen.append(item) or item % 10, **arguments), seen
print sorted([(1, "a"), (1, "b"), (0, "c")], key=lambda pair: pair[0], reverse=True)
