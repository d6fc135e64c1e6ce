"""What can go wrong with a source text, and what the parser and compiler ask of whoever runs them."""


class SyntaxProblem(Exception):
    """A source text that CPython 2.7 refuses.

    `kind` names the exception class to raise (`SyntaxError`, `IndentationError`, `TabError`, `MemoryError`,
    `ValueError`, `OverflowError`, ...).  `lineno` counts from 1 and `offset` from 1; 0 in both is what
    CPython gives for a bad encoding declaration, and an `offset` of -1 stands for None.  `text` is the line,
    or None: then the virtual machine reads line `lineno` of file `filename`, if there is such a file.

    `detail` says how CPython builds the exception: with `WITH_LOCATION` its arguments are `(message,
    (filename, lineno, offset, text))`; with `LOCATION_AS_ATTRIBUTES` they are `(message,)` and the location
    is stored as attributes afterwards; with `MESSAGE_ONLY` there is no location.
    """

    WITH_LOCATION = 0
    LOCATION_AS_ATTRIBUTES = 1
    MESSAGE_ONLY = 2

    def __init__(self, kind, message, filename, lineno, offset=-1, text=None, detail=0):
        self.kind = kind
        self.message = message
        self.filename = filename
        self.lineno = lineno
        self.offset = offset
        self.text = text
        self.detail = detail

    def __str__(self):
        return "%s: %s (%s, line %d)" % (self.kind, self.message, self.filename, self.lineno)


class IncompleteInput(Exception):
    """An interactive statement that needs more lines."""


class DecodingProblem(Exception):
    """Raised by callbacks for text that a codec refuses; `message` is that of the application exception.

    `unknown` says that there is no such codec.
    """

    def __init__(self, message, unknown=False):
        self.message = message
        self.unknown = unknown


class Callbacks:
    """What only the virtual machine can do for the compiler.

    Subclass and override; this base class knows no codec but the two that the tokenizer handles itself, drops
    warnings and knows no character names.
    """

    def warn(self, category, message, filename, lineno):
        """Issue a warning of class `category` (`"SyntaxWarning"`).

        A virtual machine that turns it into an error raises `SyntaxProblem` (or its own application
        exception).
        """

    def warn_about_names(self, message, filename, lineno):
        """Issue a SyntaxWarning about the use of names; as an error it is a SyntaxError with the same message."""
        self.warn("SyntaxWarning", message, filename, lineno)

    def warn_about_tabs(self, filename):
        """Tell that the indentation of a source depends on the width of a tab."""

    def warn_py3k(self, category, message, filename, lineno):
        """Warn of what Python 3 does not have, where the user wants to be told."""

    def decode_file(self, source, encoding):
        """As `decode_source`, for lines of a file: CPython reads those through the codec's reader of streams."""
        return self.decode_source(source, encoding)

    def decode_source(self, source, encoding):
        """`source` in `encoding`, as UTF-8; raises DecodingProblem."""
        raise DecodingProblem("unknown encoding: " + encoding)

    def encode(self, utf8, encoding):
        """The opposite direction, for 8-bit string literals of a source that was recoded."""
        raise DecodingProblem("unknown encoding: " + encoding)

    def has_unicode_names(self):
        """Whether escapes by name are supported at all."""
        return True

    def unicode_name(self, name):
        """The code point of character `name` for `\\N{name}` escapes, or -1."""
        return -1
