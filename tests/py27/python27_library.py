"""Parts of generated programs, as in `python27_features`, that use the built-in types and the library."""

from python27_values import FLOATS, INTEGERS, SMALL, STRINGS, any_value, attempt

TEXT_METHODS = [
    *["center", "ljust", "rjust"] * 2,
    *["count", "find", "index", "rfind", "rindex", "startswith", "endswith"] * 2,
    *["capitalize", "isalnum", "isalpha", "isdigit", "islower", "isspace", "istitle", "isupper", "lower", "swapcase"],
    *["title", "upper", "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "partition", "rpartition"],
    *[
        "replace",
        "join",
        "expandtabs",
        "zfill",
        "translate",
        "encode",
        "decode",
        "format",
        "__getitem__",
        "__contains__",
    ],
    *["__mul__", "__add__", "__getslice__", "__mod__", "__cmp__", "__eq__"],
]
# Without what CPython pickles in ways of its own: the sign of a NaN, and whether an object may occur again, by its
# count of references.
PICKLED = [value for value in [*INTEGERS, *FLOATS, *STRINGS] if "nan" not in value and "* 70" not in value]
FUNCTIONS = ["lambda v: v", "lambda v, w=0: [v, w]", "operator.add", "operator.mul", "3", "cmp"]
LIST_METHODS = [
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "index",
    "count",
    "reverse",
    "sort",
    "__delitem__",
    "__imul__",
]


def text_methods(writer):
    lines = []
    for _ in range(4):
        method = writer.choose(*TEXT_METHODS)
        count = writer.choose(0, 1, 1, 2, 2, 3)
        arguments = [
            writer.choose(writer.choose(*STRINGS), writer.choose(*SMALL), any_value(writer)) for _ in range(count)
        ]
        if method in ("center", "ljust", "rjust", "zfill", "__mul__", "expandtabs"):
            arguments[:1] = [writer.choose("0", "1", "7", "12L", "-3", "'a'", "None", "2.5", "True")]
        if method in ("encode", "decode"):
            codec = writer.choose(
                "ascii", "latin-1", "utf-8", "utf-16-le", "hex", "unicode_escape", "cp1252", "nonsense", "utf-7"
            )
            arguments = [repr(codec), repr(writer.choose("strict", "ignore", "replace", "nonsense"))]
        lines += attempt(f"{writer.choose(*STRINGS)}.{method}({', '.join(arguments)})")
    return lines


def list_methods(writer):
    lines = ["target = " + writer.choose("[3, 1, 2]", "[]", "range(4)", '[1.5, u"a", None]', "['b', 'a']")]
    for _ in range(4):
        method = writer.choose(*LIST_METHODS)
        count = writer.choose(0, 1, 1, 2, 3)
        arguments = [writer.choose(writer.choose(*SMALL), any_value(writer)) for _ in range(count)]
        if method == "__imul__":
            arguments = [writer.choose("0", "2", "-1", "'a'", "None")]
        lines += attempt(f"target.{method}({', '.join(arguments)})")
        lines += ["show(target)"]
    return lines


def arithmetic(writer):
    lines = []
    for _ in range(5):
        left, right = (writer.choose(writer.choose(*INTEGERS), writer.choose(*INTEGERS, *FLOATS)) for _ in range(2))
        operator = writer.choose("+", "-", "*", "/", "//", "%", "&", "|", "^", "<", "==", ">=", "!=")
        lines += attempt(
            writer.choose(
                f"{left} {operator} {right}",
                f"{left} {operator} {right}",
                f"divmod({left}, {right})",
                f"cmp({left}, {right})",
                f"hash({left}) == hash(float({left}))",
                f"({left}) ** {writer.choose('0', '1', '2', '5', '-1', '-2', '0.5')}",
                f"pow({left}, {writer.choose('0', '3', '65', '-1')}, {right})",
                f"({left}) {writer.choose('<<', '>>')} {writer.choose('0', '1', '31', '63', '64', '-1', '2.0')}",
                f"int({writer.choose(*FLOATS, *STRINGS)})",
                f"int({writer.choose(*STRINGS)}, {writer.choose('0', '2', '10', '16', '36', '37', '1', '-1')})",
                f"long({writer.choose(*FLOATS, *STRINGS)})",
                f"float({writer.choose(*STRINGS, *INTEGERS)})",
                f"round({left}, {writer.choose('0', '1', '-1', '-20', '20', '400', 'None')})",
                f"complex({left}, {right})",
                "complex(" + writer.choose(*STRINGS, "'1+2j'", "'(3-1j)'", "'j'", "' 1j '") + ")",
                f"({left}).__coerce__({right})",
                f"float({left}).hex()",
                f"float({left}).as_integer_ratio()",
                f"({left}).bit_length()",
                f"range({left}, {right}, {left})[:3]" if left in INTEGERS[:10] and right in INTEGERS[:10] else "0",
                f"len(xrange({left}, {right}))",
                f"{left} < {right} <= {left}",
                f"1 < {left} != {right} > {any_value(writer)} is not None in [()]",
            )
        )
    return lines


def sorting(writer):
    items = (
        ", ".join(any_value(writer) for _ in range(writer.choose(2, 3, 5)))
        .replace("object", "3")
        .replace("len", "4")
        .replace("1j", "5")
        .replace("float('nan')", "6")
    )
    items = writer.choose(
        items, items, "'b', 'a', 'C'", "3, 1, 2, 1", "(2, 'a'), (1, 'b'), (2, 'A')", "1.5, 1, True, -2L"
    )
    key = writer.choose(
        "", ", key=repr", ", key=str", ", key=len", ", key=lambda v: -v", ", key=None", ", key=lambda v: 1", ", key=3"
    )
    order = writer.choose(
        "",
        "",
        ", cmp=cmp",
        ", cmp=lambda p, q: cmp(q, p)",
        ", cmp=lambda p, q: 'a'",
        ", cmp=lambda p, q: -10L",
        ", cmp=None",
        ", cmp=lambda p: 1",
    )
    reverse = writer.choose("", "", ", reverse=True", ", reverse=0", ", reverse='a'", ", reverse=-1")
    return [
        *attempt(f"sorted([{items}]{key}{order}{reverse})"),
        *attempt(f"max([{items}]{key})"),
        *attempt(f"min({items}{key})"),
        *attempt(f"heapq.nsmallest(2, [{items}]{key})"),
        *attempt(f"bisect.bisect(sorted([{items}]), {any_value(writer)})"),
    ]


def tools(writer):
    """itertools, functools, collections, operator."""

    def source():
        return writer.choose(
            "range(4)",
            "'abca'",
            "[]",
            "xrange(3)",
            "iter((1, 2))",
            "[(1, 2), (3, 4)]",
            "u'de'",
            "(i * i for i in range(3))",
            "3",
            "None",
        )

    def number():
        return writer.choose("0", "1", "2", "3", "-1", "None", "'a'", "2L", "1.5")

    def function():
        return writer.choose("None", "bool", "len", "str", *FUNCTIONS)

    lines = []
    for _ in range(4):
        lines += attempt(
            writer.choose(
                f"list(itertools.islice({source()}, {number()}, {number()}, {number()}))",
                f"list(itertools.islice({source()}, {number()}))",
                f"list(itertools.chain({source()}, {source()}))",
                f"list(itertools.chain.from_iterable({source()}))",
                f"list(itertools.combinations({source()}, {number()}))",
                f"list(itertools.permutations({source()}, {number()}))",
                f"list(itertools.combinations_with_replacement({source()}, {number()}))",
                f"list(itertools.product({source()}, repeat={number()}))",
                f"list(itertools.product({source()}, {source()}))",
                f"list(itertools.izip_longest({source()}, {source()}, fillvalue=9))",
                f"[(k, list(g)) for k, g in itertools.groupby({source()}, {function()})]",
                f"list(itertools.takewhile({function()}, {source()}))",
                f"list(itertools.dropwhile({function()}, {source()}))",
                f"list(itertools.ifilterfalse({function()}, {source()}))",
                f"list(itertools.imap({function()}, {source()}, {source()}))",
                f"list(itertools.starmap({function()}, {source()}))",
                f"list(itertools.islice(itertools.cycle({source()}), 5))",
                f"list(itertools.islice(itertools.count({number()}, {number()}), 3))",
                "list(itertools.repeat(" + number() + ", " + writer.choose("0", "2", "-1", "'a'") + "))",
                f"list(itertools.compress({source()}, {source()}))",
                "[list(t) for t in itertools.tee(" + source() + ", " + writer.choose("0", "2", "-1", "'a'") + ")]",
                "repr(itertools.count(3, 2)), repr(itertools.repeat(1, 2))",
                f"reduce({function()}, {source()})",
                f"reduce({function()}, {source()}, {number()})",
                f"map({function()}, {source()}, {source()})",
                f"filter({function()}, {source()})",
                f"zip({source()}, {source()})",
                f"functools.partial({function()}, {number()})({number()})",
                f"functools.partial({function()}, {number()}, q={number()})()",
                f"collections.deque({source()}, {number()})",
                f"rotated({source()}, {number()})",
                f"sorted(collections.Counter({source()}).most_common({number()} and 9))",
                f"collections.OrderedDict({source()})",
                "collections.namedtuple('N', "
                + writer.choose("'a b'", "['x', 'y']", "'a a'", "'def'", "'_p'", "'1'")
                + ")(1, "
                + number()
                + ")",
                f"collections.defaultdict({function()}, {source()})[{number()}]",
                f"operator.itemgetter({number()}, {number()})({source()})",
                "operator.attrgetter('real', " + writer.choose("'imag'", "'x.y'", "1") + ")(" + number() + ")",
                f"operator.methodcaller('upper')({source()})",
                f"sum({source()}, {number()})",
                f"list(enumerate({source()}, {number()}))",
                f"any({source()}), all({source()})",
                f"dict({source()})",
                "operator."
                + writer.choose("indexOf", "countOf", "contains", "concat", "sequenceIncludes", "repeat")
                + f"({source()}, {number()})",
                f"dict.fromkeys({source()}, {number()})",
                f"dict(zip({source()}, {source()}), k={number()})",
                f"slice({number()}, {number()}, {number()}).indices(5)",
            )
        )
    return lines


def libraries(writer):
    """struct, re, json, copy, pickle, and the like."""

    def value():
        return writer.choose(any_value(writer), any_value(writer, 2))

    pattern = "".join(
        writer.choose(
            "a",
            "b",
            ".",
            "[a-c]",
            "(a|b)",
            "(?:x)",
            "*",
            "+",
            "?",
            "{2}",
            "{1,}",
            "^",
            "$",
            "\\\\w",
            "\\\\d",
            "\\\\b",
            "(?P<n>c)",
            "(?=b)",
            "(?!a)",
            "|",
            "(",
            ")",
            "[",
            "*?",
            "[^x]",
            "\\\\1",
            "(?i)",
            "(?<=a)",
            "\\\\s",
            "{",
        )
        for _ in range(writer.choose(1, 2, 3, 4))
    )
    subject = writer.choose("'aabbc'", "'x aXb\\n12'", "''", "u'ab\\xe9c'", "'abab' * 5", "bytearray('ab')", "3")
    layout = writer.choose("", "<", ">", "=", "!", "@") + "".join(
        writer.choose(
            "b",
            "B",
            "h",
            "H",
            "i",
            "I",
            "l",
            "L",
            "q",
            "Q",
            "f",
            "d",
            "s",
            "3s",
            "c",
            "x",
            "?",
            "p",
            "4p",
            "P",
            "2h",
            "0s",
            "y",
        )
        for _ in range(writer.choose(1, 2, 3))
    )
    lines = []
    for _ in range(4):
        lines += attempt(
            writer.choose(
                f"struct.pack({layout!r}, {', '.join(value() for _ in range(writer.choose(1, 2, 3)))})",
                f"struct.pack({layout!r}, {', '.join(writer.choose(*INTEGERS) for _ in range(writer.choose(1, 2)))})",
                f"struct.calcsize({layout!r})",
                "struct.unpack("
                + repr(layout)
                + ", "
                + writer.choose("'\\xff' * 4", "'\\x01' * 8", "'ab' * 6", "u'ab'", "bytearray(8)")
                + ")",
                f"re.findall('{pattern}', {subject})",
                "re.sub('"
                + pattern
                + "', "
                + writer.choose("'<\\\\g<0>>'", "'-'", "'\\\\1'", "lambda m: m.group().upper()", "u'u'", "3")
                + ", "
                + subject
                + ", "
                + writer.choose("0", "1", "2")
                + ")",
                f"re.split('{pattern}', {subject}, {writer.choose('0', '1')})",
                f"re.match('{pattern}', {subject}).span()",
                f"re.search('{pattern}', {subject}).groups()",
                f"re.search('{pattern}', {subject}).groupdict()",
                f"re.escape({subject})",
                "json.dumps("
                + value()
                + writer.choose(
                    "",
                    ", indent=2",
                    ", sort_keys=True",
                    ', separators=(",", ":")',
                    ", ensure_ascii=False",
                    ", allow_nan=False",
                )
                + ")",
                f"json.loads(json.dumps({value()}))",
                "json.loads("
                + writer.choose(
                    "'[1, 2.50, -3e2, null]'",
                    "'{\"a\": [true]}'",
                    "'[1,]'",
                    "'nul'",
                    "'\"\\\\u00e9\\\\ud83d\\\\ude00\"'",
                    "'[1] 2'",
                    "''",
                    "'-'",
                    "'1e999'",
                    "'NaN'",
                    "'\"a\\nb\"'",
                    'u"[\\xe9]"',
                    "'[\"\\\\q\"]'",
                    *STRINGS,
                )
                + ")",
                f"copy.deepcopy({value()})",
                f"copy.copy({value()})",
                f"pickle.loads(pickle.dumps({value()}, {writer.choose('0', '1', '2', '-1')}))",
                f"pickle.dumps({writer.choose(*PICKLED)}, {writer.choose('0', '1', '2')})",
                f"cPickle.loads(cPickle.dumps({value()}, {writer.choose('0', '1', '2')}))",
                f"cPickle.dumps({writer.choose(*PICKLED)}, {writer.choose('0', '1', '2')})",
                f"cPickle.loads({writer.choose(*STRINGS)})",
                f"pickle.loads({writer.choose(*STRINGS)})",
                f"marshal.loads(marshal.dumps({value()}))",
                f"marshal.loads({writer.choose(*STRINGS)})",
                f"eval({writer.choose(*STRINGS)})",
                f"eval(repr({value()}))",
                f"repr({value()})",
                "binascii."
                + writer.choose("hexlify", "unhexlify", "a2b_base64", "b2a_base64", "crc32", "b2a_qp", "a2b_uu")
                + f"({writer.choose(*STRINGS)})",
                "array.array("
                + writer.choose("'b'", "'H'", "'l'", "'d'", "'c'", "'u'", "'z'")
                + ", "
                + writer.choose("[1, 2]", "[300]", "'ab'", "u'a'", "[1.5]", "[-1]")
                + ")",
                f"cStringIO.StringIO({writer.choose(*STRINGS)})."
                + writer.choose("readlines()", "read(2)", "getvalue()", "readline()", "seek(-1)", "truncate(1)"),
                "string.Template("
                + writer.choose("'$a $$ ${b}'", "'$'", "'$1'")
                + ").substitute(a=1, b="
                + writer.choose(*STRINGS)
                + ")",
                f"textwrap.wrap({writer.choose(*STRINGS)} * 3, {writer.choose('3', '10', '0', '1')})",
                "math."
                + writer.choose(
                    "sqrt", "log", "floor", "gamma", "frexp", "factorial", "trunc", "isnan", "exp", "fsum", "asin"
                )
                + "("
                + writer.choose("0", "1", "4", "-1", "0.5", "[0.1] * 10", "'a'", "2.5", "20", 'float("inf")')
                + ")",
                f"hashlib.md5({writer.choose(*STRINGS)}).hexdigest()",
                "unicodedata."
                + writer.choose("name", "category", "numeric", "digit", "decimal", "bidirectional")
                + f"({writer.choose(*STRINGS)})",
                "decimal.Decimal("
                + writer.choose("'1.50'", "3", "'x'", "0.5", "'Infinity'")
                + ") "
                + writer.choose("+", "/", "%", "<")
                + " "
                + writer.choose("2", "decimal.Decimal('0.3')", "1.5"),
                "fractions.Fraction("
                + writer.choose("1, 3", "'2/4'", "0.5", "1, 0")
                + ") "
                + writer.choose("+", "/", "**", "==")
                + " "
                + writer.choose("2", "0.5", "fractions.Fraction(1, 6)"),
                "datetime."
                + writer.choose(
                    "date(2000, 2, 29)",
                    "date(2001, 2, 29)",
                    "timedelta(1, 2, 3) * 3",
                    "timedelta(days=1.5)",
                    "datetime(1999, 12, 31, 23, 59) + datetime.timedelta(0, 61)",
                    'date(1900, 1, 1).strftime("%Y")',
                ),
            )
        )
    return lines


FEATURES = [text_methods, list_methods, arithmetic, sorting, tools, libraries]
