"""How the built-in functions of CPython take their arguments apart, which their messages show.

CPython has several ways to do it, and each words its complaints about the number of arguments and about keywords
in its own manner. The functions do not say which they use; it follows from their kind and number of parameters for
most, and the tables here name the others by the module or type that owns them.
"""

#: None or one argument, as the flags of the function say: "takes exactly one argument".
BY_FLAGS = 0
#: By a format (``PyArg_ParseTuple``): "takes at least 2 arguments".
PARSED = 1
#: Into variables (``PyArg_UnpackTuple``): "expected at least 2 arguments, got 1".
UNPACKED = 2
#: By a format with names (``PyArg_ParseTupleAndKeywords``): the only ones that take keywords.
NAMED = 3
#: A special method of exactly so many arguments: "expected 1 arguments, got 0".
SLOT = 4
#: A special method that unpacks its arguments, under an empty name.
UNPACKED_SLOT = 5
#: A special method that takes its arguments by a format.
PARSED_SLOT = 6


def _by_owner(text):
    """A set of pairs from lines ``owner: name name ...``; the types of `datetime` have that before their name."""
    pairs = set()
    for line in text.strip().splitlines():
        owner, names = line.split(":")
        pairs.update((owner.strip(), name) for name in names.split())
    return pairs


#: Functions of one parameter that a format takes.
_PARSED_SINGLE = _by_owner("""
    binascii: a2b_base64 a2b_hex a2b_hqx a2b_uu b2a_base64 b2a_hex b2a_hqx b2a_uu rlecode_hqx rledecode_hqx
    binascii: hexlify unhexlify
    marshal: loads
    _codecs: charmap_build lookup lookup_error
    cmath: isnan isinf phase polar acos acosh asin asinh atan atanh cos cosh exp log10 sin sinh sqrt tan tanh
    _locale: nl_langinfo strxfrm
    cPickle: loads
    imp: get_frozen_object init_builtin init_frozen is_builtin is_frozen new_module
    unicodedata: bidirectional category combining decomposition east_asian_width lookup mirrored
    pwd: getpwnam getpwuid
    sys: setdefaultencoding setcheckinterval setrecursionlimit setdlopenflags
    signal: getsignal alarm getitimer set_wakeup_fd
    _socket: getprotobyname htons ntohs inet_aton inet_ntoa gethostbyname gethostbyname_ex gethostbyaddr
    resource: getrlimit getrusage
    __builtin__: chr intern unichr
    gc: set_debug
    array: fromstring fromunicode
    datetime.datetime: fromordinal utcfromtimestamp
    datetime.date: fromordinal fromtimestamp
    mmap: read resize write write_byte
    BufferedRWPair: read1 readinto write writelines
    BufferedRandom: read1 readinto write writelines
    BufferedReader: read1 readinto write writelines
    BufferedWriter: read1 readinto write writelines
    BytesIO: readinto
    FileIO: readinto writelines
    _IOBase: writelines
    StringIO: writelines
    TextIOWrapper: write writelines
    Random: getrandbits
    bytearray: fromhex zfill
    str: zfill
    unicode: zfill
    StringO: write
    md5: update
    sha: update
    file: readinto write
""")  # fmt: skip

#: Modules whose functions all parse their single argument, but for these.
_PARSED_MODULES = {"posix": {"fchdir", "fdatasync", "fsync", "setgroups"}, "time": set()}

#: Special methods that a format takes.
_PARSED_SPECIAL = {"__format__"}

#: Functions of several parameters that unpack them.
_UNPACKED = _by_owner("""
    math: atan2 copysign fmod hypot log pow
    operator: countOf indexOf ipow __ipow__ is_ is_not pow __pow__ sequenceIncludes
    _struct: unpack
    cStringIO: StringIO
    _functools: reduce
    _heapq: heappush heappushpop heapreplace
    _weakref: proxy ref
    _locale: strcoll
    select: select
    __builtin__: apply cmp coerce delattr divmod eval filter getattr hasattr isinstance issubclass iter next pow range
    __builtin__: reduce setattr sum dir vars input raw_input
    sys: excepthook exit
    SRE_Match: end span start
    bytearray: translate
    str: translate
    defaultdict: fromkeys get pop setdefault
    dict: fromkeys get pop setdefault
    dictproxy: get
    generator: throw
    StringI: getvalue
    StringO: getvalue
""")

#: Functions that take keywords.
_NAMED = _by_owner("""
    pypyjit: set_compile_hook set_abort_hook trace_next_iteration
    binascii: a2b_qp b2a_qp
    cPickle: dump dumps Pickler
    datetime.datetime: replace strftime astimezone fromtimestamp isoformat now combine
    datetime.date: replace strftime
    datetime.time: replace strftime
    _bisect: bisect bisect_left bisect_right insort insort_left insort_right
    _warnings: warn warn_explicit
    __builtin__: __import__ compile open round sorted enumerate
    _md5: new
    _sha: new
    _sha256: sha224 sha256
    _sha512: sha384 sha512
    gc: collect
    sys: getsizeof
    _io: open
    SRE_Pattern: findall match search split sub subn
    SRE_Match: groupdict groups
    Struct: unpack_from
    bytearray: decode
    str: decode encode
    unicode: decode encode
    list: sort
    IncrementalNewlineDecoder: decode
    _sre: compile
""")

#: Types that take no keywords.
_PARSED_CONSTRUCTORS = {"super", "NullImporter", "zipimporter", "BlockingIOError", "BufferedRWPair"}

#: Those among types that show in messages about keywords without brackets.
BARE_CONSTRUCTORS = ["super", "BlockingIOError"]

#: Functions whose messages begin with "function": their format does not name them.
_NAMELESS = _by_owner("""
    binascii: a2b_qp b2a_qp
    cPickle: dump
    itertools: tee
    cmath: log acos acosh asin asinh atan atanh cos cosh exp log10 sin sinh sqrt tan tanh
    _sre: compile getlower
    gc: collect
    posix: fdopen open
    BytesIO: readinto
    FileIO: readinto read seek
    file: readinto write
    datetime.date: __new__
    datetime.time: __new__
    datetime.datetime: __new__
""")

#: The names under which messages show functions that have another.
_SHOWN_NAMES = {
    ("binascii", "hexlify"): "b2a_hex",
    ("binascii", "unhexlify"): "a2b_hex",
    ("cmath", "isinf"): "isnan",
    ("operator", "_compare_digest"): "compare_digest",
    ("posix", "WIFCONTINUED"): "WCONTINUED",
    ("posix", "unlink"): "remove",
    ("__builtin__", "input"): "[raw_]input",
    ("__builtin__", "raw_input"): "[raw_]input",
    ("array", "read"): "fromfile",
    ("SRE_Pattern", "finditer"): "scanner",
    ("IncrementalNewlineDecoder", "decode"): "IncrementalNewlineDecoder",
    ("_bisect", "bisect"): "bisect_right",
    ("_bisect", "insort"): "insort_right",
    ("StringI", "getvalue"): "getval",
    ("StringO", "getvalue"): "getval",
    ("operator", "repeat"): "op_repeat",
    ("operator", "irepeat"): "op_irepeat",
    ("operator", "__repeat__"): "op_repeat",
    ("operator", "__irepeat__"): "op_irepeat",
    **{("operator", "__%s__" % _name): _name for _name in ("pow", "ipow", "getslice", "setslice", "delslice")},
    **{(_type, _name): "find/rfind/index/rindex"
       for _type in ("str", "bytearray") for _name in ("find", "rfind", "index", "rindex")},
    **{("_sha256", _name): "new" for _name in ("sha224", "sha256")},
    **{("_sha512", _name): "new" for _name in ("sha384", "sha512")},
}

_UNPACKED_SLOTS = {"__setattr__", "__setitem__", "__get__", "__set__", "__pow__", "__rpow__"}
_SEQUENCE_SLOTS = {"__mul__", "__rmul__", "__imul__"}
_PARSED_SLOTS = {"__getslice__", "__setslice__", "__delslice__"}


def style_of_function(owner, name, minimum, maximum):
    """The style of a function of module or type `owner` that takes so many arguments, without self."""
    pair = (owner, name)
    if name in ("__new__", "__init__"):
        return PARSED if owner.split(".")[-1] in _PARSED_CONSTRUCTORS else NAMED
    if pair in _NAMED:
        return NAMED
    if pair in _UNPACKED:
        return UNPACKED
    if maximum > 1 or minimum != maximum or pair in _PARSED_SINGLE or name in _PARSED_SPECIAL:
        return PARSED
    if maximum == 1 and owner in _PARSED_MODULES and name not in _PARSED_MODULES[owner]:
        return PARSED
    return BY_FLAGS


def style_of_slot(name, is_sequence):
    """The style of a special method of a built-in type."""
    if name in _PARSED_SLOTS:
        return PARSED_SLOT
    if name in _UNPACKED_SLOTS or is_sequence and name in _SEQUENCE_SLOTS:
        return UNPACKED_SLOT
    return SLOT


def shown_name(owner, name):
    """The name of a function in messages about its arguments; empty where CPython leaves it out."""
    if (owner, name) in _NAMELESS or name in _PARSED_SLOTS and owner != "operator":
        return ""
    return _SHOWN_NAMES.get((owner, name), name)
