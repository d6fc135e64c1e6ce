"""``IncrementalNewlineDecoder``: universal newlines on top of another decoder, and finding the ends of lines."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.rarithmetic import r_uint
from ouro.rlib.rfile import NEWLINE_CR, NEWLINE_CRLF, NEWLINE_LF
from ouro.rlib.rstring import StringBuilder, find_char


class W_IncrementalNewlineDecoder(W_Root):
    """`w_decoder` is None where the input is unicode already; `pending` is true after a `\\r` that was kept back."""

    _attrs_ = ("w_decoder", "translate", "pending", "seen", "ready")

    def __init__(self):
        self.w_decoder = None
        self.translate = False
        self.pending = False
        self.seen = 0
        self.ready = False

    def check(self):
        if not self.ready:
            raise value_error("IncrementalNewlineDecoder.__init__ not called")

    def set_up(self, w_decoder, translate):
        self.w_decoder = None if space.is_none(w_decoder) else w_decoder
        self.translate = translate
        self.pending = False
        self.seen = 0
        self.ready = True

    def decode(self, w_input, final):
        """The UTF-8 of the decoded and translated text."""
        w_output = w_input
        if self.w_decoder is not None:
            w_output = space.getattr_str(self.w_decoder, "decode").call_2(w_input, space.newbool(final))
        if not space.is_unicode(w_output):
            raise type_error("decoder should return a string result, not '%s'" % space.type_name(w_output))
        return self.process(space.utf8_w(w_output), final)

    def process(self, text, final):
        """Count and translate the newlines of UTF-8 text; a `\\r` at its end waits for what comes next."""
        if self.pending and (final or text != ""):
            text = "\r" + text
            self.pending = False
        if not final and text.endswith("\r"):
            text = text[:len(text) - 1]
            self.pending = True
        if text == "":
            return text
        first = find_char(text, "\r", 0, len(text))
        if first < 0:
            if self.seen & NEWLINE_LF == 0 and find_char(text, "\n", 0, len(text)) >= 0:
                self.seen |= NEWLINE_LF
            return text
        if self.translate:
            return self.translated(text, first)
        self.count(text)
        return text

    def count(self, text):
        i = 0
        while i < len(text):
            if text[i] == "\n":
                self.seen |= NEWLINE_LF
            elif text[i] == "\r":
                if i + 1 < len(text) and text[i + 1] == "\n":
                    self.seen |= NEWLINE_CRLF
                    i += 1
                else:
                    self.seen |= NEWLINE_CR
            i += 1

    def translated(self, text, first):
        if self.seen & NEWLINE_LF == 0 and find_char(text, "\n", 0, first) >= 0:
            self.seen |= NEWLINE_LF
        builder = StringBuilder(len(text))
        start = 0
        i = first
        while i < len(text):
            if text[i] == "\n":
                self.seen |= NEWLINE_LF
            elif text[i] == "\r":
                builder.append_slice(text, start, i)
                builder.append("\n")
                if i + 1 < len(text) and text[i + 1] == "\n":
                    self.seen |= NEWLINE_CRLF
                    i += 1
                else:
                    self.seen |= NEWLINE_CR
                start = i + 1
            i += 1
        builder.append_slice(text, start, len(text))
        return builder.build()


W_IncrementalNewlineDecoderUser = make_user_class(W_IncrementalNewlineDecoder)


def decoder_new(w_subtype, __args__):
    if w_subtype is W_IncrementalNewlineDecoder.w_builtin_type:
        return W_IncrementalNewlineDecoder()
    space.check_subtype(w_subtype, W_IncrementalNewlineDecoder.w_builtin_type)
    w_decoder = W_IncrementalNewlineDecoderUser()
    space.init_user(w_decoder, w_subtype)
    return w_decoder


@unwrap_spec(translate=bool)
def decoder_init(self, w_decoder=None, translate=False, w_errors=None):
    if w_decoder is None:
        raise type_error("Required argument 'decoder' (pos 1) not found")
    self.set_up(w_decoder, translate)


@unwrap_spec(final=bool)
def decoder_decode(self, w_input, final=False):
    self.check()
    return space.newunicode(self.decode(w_input, final))


def decoder_getstate(self):
    self.check()
    w_buffer = space.newstr("")
    flag = r_uint(0)
    if self.w_decoder is not None:
        items_w = space.fixed_unpack(space.getattr_str(self.w_decoder, "getstate").call_0(), 2)
        w_buffer = items_w[0]
        flag = space.uint_mask_w(items_w[1])
    flag = flag << r_uint(1)
    if self.pending:
        flag |= r_uint(1)
    return space.newtuple([w_buffer, space.newlong(space.bigint_w(space.newint_from_uint(flag)))])


def decoder_setstate(self, w_state):
    self.check()
    if not space.is_tuple(w_state):
        raise type_error("argument must be 2-item sequence, not %s" % space.type_name(w_state))
    items_w = space.fixed_unpack(w_state, 2)
    flag = space.uint_mask_w(items_w[1])
    self.pending = (flag & r_uint(1)) != r_uint(0)
    if self.w_decoder is not None:
        space.getattr_str(self.w_decoder, "setstate").call_1(
            space.newtuple([items_w[0], space.newint_from_uint(flag >> r_uint(1))]))


def decoder_reset(self):
    self.check()
    self.seen = 0
    self.pending = False
    if self.w_decoder is not None:
        space.getattr_str(self.w_decoder, "reset").call_0()


def get_newlines(self):
    self.check()
    return newlines_seen(self.seen)


define_type(W_IncrementalNewlineDecoder, "IncrementalNewlineDecoder", {
    "__new__": decoder_new,
    "__init__": decoder_init,
    "decode": decoder_decode,
    "getstate": decoder_getstate,
    "setstate": decoder_setstate,
    "reset": decoder_reset,
    "newlines": GetSet(get_newlines),
}, module="_io", user_class=W_IncrementalNewlineDecoderUser, doc="""\
Codec used when reading a file in universal newlines mode.  It wraps
another incremental decoder, translating \\r\\n and \\r into \\n.  It also
records the types of newlines encountered.  When used with
translate=False, it ensures that the newline sequence is returned in
one piece. When used with decoder=None, it expects unicode strings as
decode input and translates newlines without first invoking an external
decoder.
""")


NEWLINES = [(NEWLINE_CR, "\r"), (NEWLINE_LF, "\n"), (NEWLINE_CRLF, "\r\n")]


def newlines_seen(bits):
    """None, a unicode object, or a tuple of strs: that is how CPython has it."""
    kinds = [text for bit, text in NEWLINES if bits & bit]
    if len(kinds) == 0:
        return space.w_None
    if len(kinds) == 1:
        return space.newunicode(kinds[0])
    return space.newtuple([space.newstr(text) for text in kinds])


# ---- what ends a line

ENDS_LF = 0
ENDS_UNIVERSAL = 1
ENDS_CR = 2
ENDS_CRLF = 3


class NewlineMode:
    """What the argument `newline` of the text streams means."""

    def __init__(self, newline):
        self.newline = newline
        self.universal = newline is None or newline == ""
        self.translate_input = newline is None
        # What "\n" becomes when it is written; empty where it stays.
        self.written = ""
        if newline is not None and newline != "\n":
            self.written = newline
        self.ends = ENDS_LF
        if newline is not None:
            if newline == "":
                self.ends = ENDS_UNIVERSAL
            elif newline == "\r":
                self.ends = ENDS_CR
            elif newline == "\r\n":
                self.ends = ENDS_CRLF
            elif newline != "\n":
                raise value_error("illegal newline value: " + newline)


def find_line_end(text, start, ends):
    """Where the first line of `text[start:]` ends, or -1 if it does not."""
    size = len(text)
    if ends == ENDS_LF:
        return find_char(text, "\n", start, size) + 1 or -1
    if ends == ENDS_CR:
        return find_char(text, "\r", start, size) + 1 or -1
    i = start
    if ends == ENDS_CRLF:
        while True:
            i = find_char(text, "\r", i, size)
            if i < 0 or i + 1 >= size:
                return -1
            if text[i + 1] == "\n":
                return i + 2
            i += 1
    while i < size:
        c = text[i]
        if c == "\n":
            return i + 1
        if c == "\r":
            if i + 1 < size and text[i + 1] == "\n":
                return i + 2
            return i + 1
        i += 1
    return -1
