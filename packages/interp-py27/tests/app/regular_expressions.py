"""Regular expressions: what patterns, matches and scanners do and how they fail."""

import re
import _sre


def attempt(function, *arguments, **keywords):
    try:
        result = function(*arguments, **keywords)
    except Exception as error:
        print function.__name__, arguments[1:], sorted(keywords), type(error).__name__, error
    else:
        print function.__name__, sorted(keywords), repr(result).partition(" object at ")[0]


def show(match):
    if match is None:
        print None
        return
    print match.span(), match.group(), match.groups(), match.regs, match.lastindex, match.lastgroup,
    print match.pos, match.endpos, match.groupdict()


pattern = re.compile("(?P<x>a)|b")
print pattern.pattern, pattern.flags, pattern.groups, pattern.groupindex
print type(pattern), [name for name in dir(pattern) if not name.startswith("__")]
print [name for name in dir(pattern.match("a")) if not name.startswith("__")]
for descriptor in [type(pattern).flags, type(pattern).match, type(pattern.match("a")).regs]:
    print type(descriptor).__name__, descriptor.__doc__
show(pattern.match("ba"))
show(pattern.match("xa"))
show(pattern.search("xxab", 1, 3))
show(pattern.search(u"\u20acx\xe9a\u1234b"))
show(re.search(u"(?u)(\\w)\\W*(\\d)", u"-\xe9 \u20ac\u0663"))

# Arguments
attempt(pattern.match, string="a")
attempt(pattern.match, "a", pattern="a")
attempt(pattern.match, "a", foo=1)
attempt(pattern.match, 5)
attempt(pattern.match, "a", "b")
attempt(pattern.match, "a", pos=0, endpos=-1)
attempt(pattern.sub, "x", "y", "z")
attempt(pattern.sub, lambda match: 5, "aa")
attempt(pattern.sub, lambda match: None, "aa")
attempt(pattern.__copy__)
attempt(pattern.__deepcopy__, {})
match = pattern.match("a")
for group in [0, 1, 2, "x", "y", u"x", -1, None, 1L, 1.0, 2 ** 70]:
    attempt(match.group, group)
    attempt(match.start, group)
print match.group(1, 0, "x"), match.expand(r"<\1\g<x>>"), match.string, match.re is pattern
for name in ["flags", "pattern"]:
    try:
        setattr(pattern, name, 1)
    except TypeError as error:
        print error

# Searching again and again
text = "one, two;three  four"
print re.findall(r"\w+", text), re.findall(r"(\w)(\w+)", text), re.findall(r"(o)|t", text), re.findall("x*", "axa")
print re.split(r"\W+", text), re.split(r"(\W)+", text, 2), re.split("x*", "axbc"), re.split("(a)|b", "xbyaz")
print [found.span() for found in re.finditer("x*", "axxb")], type(re.finditer("", "")).__name__
print re.sub("x*", "-", "abxd"), re.subn("b", r"[\g<0>]", "abcb", 1), re.sub("(a)(b)?", r"\1", "acad")
print re.sub("b", lambda found: found.group().upper(), "abcb"), repr(re.sub("b", u"\xe9", "abc"))
print repr(re.sub(u"\xe9", "e", u"caf\xe9 \u20ac")), re.sub("(?P<n>.)", r"\g<n>\n", "ab").split()
scanner = re.compile("a|b*").scanner("abbc")
for _ in range(5):
    print [found and found.span() for found in [scanner.match(), scanner.search()]]
print scanner.pattern.pattern

# Other subjects
print re.findall("b.", bytearray("abcbd")), re.sub("b", "x", buffer("abc"))


class Text(str):
    def __getslice__(self, start, stop):
        return "<%d %d>" % (start, stop)


print re.match("a", Text("ab")).group()

# Kinds of patterns
for source, subject in [
    (r"(?i)straSSe", "STRASSE"), (r"(?iu)\xe9", u"\xc9"), (r"(?L)\w+", "ab\xe9"), (r"(?m)^b$", "a\nb\nc"), (r"(?s)a.b", "a\nb"),
    (r"(?x) a  # comment", "a"), (r"(a)?(?(1)b|c)", "ab"), (r"(a)?(?(1)b|c)", "c"), (r"(?<=a)b", "ab"), (r"(?<!a)b", "ab"),
    (r"(?=(a))\1", "aa"), (r"(.)\1", "xaab"), (r"(?:a|ab)(?:c|bcd)(d*)", "abcd"), (r"(a+|b+)*?c", "aabbc"), (r"a{2,3}?", "aaaa"),
    (r"(?:(x)|(y))*", "xyx"), (r"[^a-c\d]+", "ab1xyz"), (u"[\u0400-\u04ff]+", u"ab\u0416\u0436c"), (r"\bfoo\b", "a foo b"),
    (r"(?P<a>x)(?P=a)(?(a)y)", "xxy"), (r"\Aa\Z", "a\n"), (r"a$", "a\n"), (r"((((a))))", "a"), (r"(?:)", ""),
]:
    show(re.search(source, subject))
for source in ["(", ")", "a**", "[", "(?P<1>a)", "(?P=x)", "a{3,2}", "\\", "(?z)", "(?(1)a|b|c)", "*"]:
    try:
        re.compile(source)
    except re.error as error:
        print source, error

# Code that sre_compile does not make
print _sre.MAGIC, _sre.CODESIZE, _sre.MAXREPEAT, _sre.getcodesize(), [_sre.getlower(200, flags) for flags in [0, 4, 32]]
for code in [[1], [], [99, 1], [19], [21, 5, 1], [15, 9, 0, 1], [-1], [2 ** 32], [7, 3, 2, 1], [29, 4, 1, 1, 2, 1]]:
    attempt(_sre.compile, "a", 0, code)

# a pattern without groups may ask for one
print re.match('(?(1)a|b)', 'b').group(), re.match('(?(7)a|b)', 'a'), re.match('(?(1)a)', 'a').group() == ''
