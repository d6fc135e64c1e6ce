"""The parts of `json` that are built in, and what they say of text that is no JSON."""

import _json
import json


def attempt(function, *arguments, **keywords):
    try:
        print repr(function(*arguments, **keywords))
    except Exception as error:
        print type(error).__name__, error


TEXTS = [
    "", " ", "[", "[1", "[1,", "[1,]", "[1 2]", "[]", "[ ]", " [1 , 2.50, -3e2, null, true, false] ", "{", "{}", "{ }", "{1:2}",
    '{"a"', '{"a" 1}', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a":1 "b":2}', '{"a" : [true], "b":{}}', "nul", "null",
    "tru", "NaN", "[NaN, Infinity, -Infinity]", "-", "-Infinit", "-0", "01", "1.", "1.5e", "1.5e+", "1e5", "-12.5E-3", "1.e5", ".5",
    '"', '"abc', '"a\\', '"a\\q"', '"\\u12"', '"\\u12g4"', '"\\u0041"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ud83d\\u0041"',
    '"\\ud83d\\udz00"', '"a\nb"', '"\t"', '"\\b\\f\\n\\r\\t\\/\\\\\\""', '"\xc3\xa9"', '"\xff"', '["\xc3\xa9", x]', "[1] 2", "{]", "[}",
    "12345678901234567890", '"\\u00e9\\n\xc3\xa9"', "[[[1]]]", '{"a": {"b": [1, {"c": null}]}}', "\"\x7f\"", "[\n1,\n x]", '{"a":\n}',
]
for text in TEXTS:
    for subject in [text, text.decode("latin-1"), text.decode("utf-8", "replace") + u"\u20ac"]:
        print repr(subject),
        attempt(json.loads, subject)
    attempt(json.JSONDecoder(strict=False, encoding="latin-1").decode, text)
attempt(json.loads, '{"a": [1, 2.5], "b": NaN}', object_hook=sorted, parse_int=str, parse_float=repr, parse_constant=len)
attempt(json.loads, '{"b": 1, "a": 2}', object_pairs_hook=list)
attempt(json.loads, 5)
for text in ["[", '{"a":']:
    try:
        json.loads(text * 100000)
    except RuntimeError as error:
        print type(error).__name__
for arguments in [('"abc"', 1), ("abc", 0), ('x"', 5), ('x"', -1), (u'\xe9"', 0), (5, 0), ('a"',), ('a"', "x"), ('a"', 0, 3)]:
    attempt(_json.scanstring, *arguments)
    attempt(json.JSONDecoder().scan_once, *arguments)


class Number(int): pass


class Text(str): pass


class Words(list): pass


class Table(dict): pass


class Other(object):
    def __repr__(self): return "other"


VALUES = [
    None, True, False, 0, -5, 2 ** 70, 1.5, 1e100, float("inf"), -float("inf"), float("nan"), "", "a", "\xc3\xa9", "\xff", u"\u20ac",
    u"\U0001f600", "\"\\/\b\f\n\r\t\x00\x1f\x7f", [], [1, [2]], (), (1, "b"), {}, {"a": 1}, {1: 2}, {1.5: None}, {None: 1},
    {True: 1}, {(1, 2): 3}, {u"\xe9": [{}]}, {float("nan"): 1}, Number(3), Text("t"), Words([1]), Table(a=1), Other(), {2 ** 70: 1},
    [Other()], {"a": Other()}, object, set([1]),
]
for value in VALUES:
    for options in [{}, {"allow_nan": False}, {"skipkeys": True}, {"ensure_ascii": False}, {"separators": (",", ":")},
                    {"default": lambda value: "default"}, {"default": lambda value: value}, {"check_circular": False}]:
        if options.get("check_circular") is False or "default" in options or not isinstance(value, Other):
            attempt(json.dumps, value, **options)
items = []
items.append(items)
attempt(json.dumps, items)
table = {}
table["a"] = table
attempt(json.dumps, table)
attempt(json.dumps, items, check_circular=False)
attempt(_json.encode_basestring_ascii, 5)
attempt(_json.encode_basestring_ascii)
attempt(_json.make_encoder)
attempt(_json.make_encoder, 1, 2, 3, 4, 5, 6, 7, 8, 9)
attempt(_json.make_scanner)
attempt(_json.make_scanner, 5)


class Loud(float):
    def __repr__(self): return "loud"


def shorten(value):
    del mutated[-1]


mutated = [Other() for _ in range(10)]
attempt(json.dumps, [Loud(1.5)])
attempt(json.dumps, mutated, default=shorten)
print json.encoder.c_make_encoder, json.scanner.c_make_scanner, _json.__doc__

# Keys again and again, long ones, with escapes, and in other encodings; numbers at the limits of a word.
rows = [{'a': i, u'\u00e9': -i, 'k' * (i % 50): [i], 'q"\\': {'a': i}} for i in range(60)]
for kind in (str, unicode):
    text = kind(json.dumps(rows))
    print json.loads(text) == json.loads(text) == [dict((unicode(k), v) for k, v in row.items()) for row in rows]
print sorted(json.loads('{"ab": 1, "ba": 2, "ab": 3, "": 4}').items()), json.loads('["\xe9", "a"]', encoding='latin-1')
print json.loads('{"\xe9": 1, "\xe9": 2}', encoding='latin-1'), repr(json.loads('["\x7f", "\xc3\xa9x"]'))
for digits in (1, 17, 18, 19, 20, 40):
    for sign in ('', '-'):
        number = sign + '9' * digits
        print json.loads(number), type(json.loads(number)), json.loads('[%s, %s.5e2]' % (number, number))
print json.loads('-0'), json.loads('-0.0'), json.loads('0'), json.loads('1e400'), json.loads('[1E-2,-1.25e+3]')
print json.loads('[1, 2.5]', parse_int=lambda text: ('int', text), parse_float=lambda text: ('float', text))
print json.loads('{"a": 1, "b": {"a": 2}}', object_pairs_hook=lambda pairs: ('pairs', pairs))
print json.loads('{"a": 1, "b": {"a": 2}}', object_hook=lambda made: sorted(made.items()))
for broken in ('nul', 'nullx', 'Nan', 'I', '-', '-I', '{"a" 1}', '{"a": 1,}', '[1,', '"\x01"', '{"k\x01": 1}', 'tru', '~'):
    try:
        print json.loads(broken)
    except ValueError as error:
        print error

# Pieces from the application, and texts of either kind.
print repr(json.dumps([u'\u20ac', 'b'], ensure_ascii=False)), repr(json.dumps(['\xe2\x82\xac'], ensure_ascii=False))
print repr(json.dumps([1, {u'b': None}], separators=(u',', u':'))), repr(json.dumps([True, False, 10 ** 20, 0.1, -2.0]))
print repr(json.dumps(['\x7f\x00\x1f/"\\\b\f\n\r\t', u'\U0001f600\ud800', '\xc3\xa9after', 'before\xc3\xa9']))
try:
    json.dumps(['ascii\xff'])
except UnicodeDecodeError as error:
    print error
circle = [1, {'in': []}]
circle[1]['in'].append(circle)
for check in (True, False):
    try:
        json.dumps(circle, check_circular=check)
    except (ValueError, RuntimeError) as error:
        print type(error), str(error)[:40]
shared = [1]
print json.dumps([shared, shared, {'a': shared, 'b': shared}])
print json.dumps([1 + 2j, 3], default=lambda number: [number.real, {'imag': number.imag}])
try:
    json.dumps([1j], default=lambda number: [number])
except ValueError as error:
    print error
from _json import make_encoder
noted = {}
writer = make_encoder(noted, lambda o: o.missing, json.encoder.encode_basestring_ascii, None, ': ', ', ', False, False, True)
print ''.join(writer([1, {'a': 2}], 0)), noted
inner = {'a': 1j}
try:
    writer([inner], 0)
except AttributeError as error:
    print error, inner in noted.values(), len(noted)
