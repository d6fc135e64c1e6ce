# The % operator, format() and str.format over tables of templates, values and specifications.


def show(function, *args):
    try:
        return repr(function(*args))
    except Exception as error:
        return '%s: %s' % (type(error).__name__, error)


TEMPLATES = [
    '%d', '%5d', '%-5d|', '%05d', '%+d', '% d', '%x', '%X', '%#x', '%#o', '%o', '%i', '%u', '%.3d', '%08.3d', '%f',
    '%.2f', '%e', '%g', '%G', '%#g', '%10.3f', '%-10.2e|', '%+f', '%s', '%r', '%5s', '%-5s|', '%.2s', '%c', '%%',
    '%5%', '%y', '%', '%(a)s', '%*d', '%.*f', '%ld', '%F', '%.50f', '%.0f', '%#.0f', '%(a', '%(a)', u'%s', u'%5.1s|',
]
VALUES = [
    0, 1, -1, 42, -255, 10 ** 20, -10 ** 20, 1.5, -0.0, 1e100, 3.14159, 'abc', 'a', None, True, (1,), (1, 2), (5, 3),
    {'a': 1}, [1], (), u'\xe9t\xe9',
]
for template in TEMPLATES:
    for value in VALUES:
        print template.encode('ascii'), show(lambda: template % value)

FIELDS = [
    ('{}', (1,)), ('{0}{1}{0}', ('a', 'b')), ('{0!r:>5}', ('a',)), ('{:{}}', ('a', 5)), ('{0[a]}', ({'a': 3},)),
    ('{0[0]}', ([7],)), ('{{}}', ()), ('{', ()), ('}', ()), ('{0', (1,)), ('{0!', (1,)), ('{0!rs}', (1,)),
    ('{0!x}', (1,)), ('{0[}', (1,)), ('{0.}', (1,)), ('{}{1}', (1, 2)), ('{1}{}', (1, 2)), ('{:{:{}}}', (1, 2, 3)),
    ('{5}', (1,)), ('{a}', (1,)), ('{!}', (1,)), ('{0:{', (1,)), ('{:,}', (1234567,)), ('x{:^9}y', ('abc',)),
    ('{0.real}', (5,)), (u'{:>4}', ('x',)),
]
for template, values in FIELDS:
    print template.encode('ascii'), show(lambda: template.format(*values))

INTEGER = ['', 'd', 'x', '#x', '#b', 'o', '#o', 'X', 'c', 'n', '5', '<5', '^7', '>7', '*>7', '=+7', '+', '-', ' ', '05',
           '08,', ',', '020,d', 'f', '.2f', 'e', 'g', '%', '.1%', 's', '.2', '+c', '10.2d', ',x', '#f', 'zz', '<05']
FLOAT = ['', 'f', '.2f', 'e', '.3e', 'g', '.3g', 'G', '%', '.1%', 'n', '10', '<10', '^10.2f', '=+10', '010.1f', ',',
         '015,.2f', ',.2f', 'x', 'd', '#f', '+', ' ', '.0f', '.15g']
TEXT = ['', 's', '5', '<5', '>5', '^6', '*^6', '.2', '10.2', '+s', '#s', '=5', ',s', 'd', '10.', 'zz', '05']
for values, specifications in [
    ([0, 5, -5, 255, 1234567, -1234567, 10 ** 20, 300, 65], INTEGER),
    ([0.0, -0.0, 1.5, -2.25, 1e30, 1234567.891, 1e16, float('inf'), float('nan')], FLOAT),
    (['', 'abc', 'xyz'], TEXT),
]:
    for value in values:
        for specification in specifications:
            print value, specification, show(lambda: format(value, specification))


def evaluate(text):
    try:
        print text, repr(eval(text))
    except Exception as error:
        print text, type(error).__name__, repr(str(error))


# Numbers and str are formatted by a specification of bytes, and give a str.
for text in r"""format(200, u"c")
format(65, u"c")
(200).__format__(u"c")
u"{:c}".format(200)
u"{:c}".format(300)
format(-42, u"c")
(1.5).__format__(u"")
(5L).__format__(u"d")
(1j).__format__(u"")
True.__format__(u"")
"abc".__format__(u"5")
u"abc".__format__("5")
"\xe9".__format__(u"")
format("\xe9", u"")
u"{}".format("\xe9")
"{:\xe9<5c}".format(65)
format("a", "\xe9<5")
format(u"a", "\xe9<5")
format("a", u"\xe9<5")
format(u"a", u"\xe9<5")
format(u"a", u"5\xe9")
format("a", "5\xe9")
format("a", "5\xc3\xa9")
format(3, "5\xe9")
format(1.5, "\xe9<5")
format(1j, "\xe9<7")
format(10 ** 20, "\xe9<25")
(3).__format__(u"\xe9")
(3).__format__(None)
"%\xe9" % 3
u"%\xe9" % 3""".splitlines():
    evaluate(text)
