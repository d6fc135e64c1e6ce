"""From source to AST: one call."""

from ._future import (
    CO_FUTURE_PRINT_FUNCTION,
    CO_FUTURE_UNICODE_LITERALS,
    DONT_IMPLY_DEDENT,
    FUTURE_MASK,
    SOURCE_IS_UTF8,
)
from ._source import read_source
from ._statements import Parser, UnicodeLiteralsFound
from ._tokenizer import TABS_ACCEPTED, Tokenizer


class ParseOptions:
    """How to read a source text.

    Attributes:
        from_file: the source is the contents of a file (the default encoding is then ASCII) and not a string.
        interactive: more lines can still come; an unfinished statement raises IncompleteInput.
        encoding: of the terminal that the source was typed at; empty if unknown, or if it was not.
        tab_policy: what to do about indentation whose meaning depends on the width of a tab: accept it (0),
            warn through the callbacks (1, the option `-t`) or refuse it (2, `-tt`).
        all_unicode: every string literal is a unicode one, whatever its prefix (the option `-U`).
    """

    def __init__(self, from_file=False, interactive=False, tab_policy=TABS_ACCEPTED, encoding="", all_unicode=False):
        self.from_file = from_file
        self.interactive = interactive
        self.tab_policy = tab_policy
        self.encoding = encoding
        self.all_unicode = all_unicode


DEFAULT_OPTIONS = ParseOptions()


def parse_source(source, filename, mode, flags, callbacks, options=DEFAULT_OPTIONS):
    """The AST of a program: a `Module`, `Expression` or `Interactive` node.

    Parameters:
        source: the program's bytes; with `SOURCE_IS_UTF8` among the flags, text encoded as UTF-8.
        mode: `"exec"`, `"eval"` or `"single"`.
        flags: `CO_FUTURE_*` in force and `compile()`'s own.
        callbacks: a `Callbacks`.
        options: a `ParseOptions`.

    Raises SyntaxProblem, or IncompleteInput.
    """
    text = read_source(source, filename, mode == "exec" or options.interactive, flags & SOURCE_IS_UTF8 != 0,
                       options, callbacks)
    unicode_literals = flags & CO_FUTURE_UNICODE_LITERALS != 0
    try:
        return _parse(text, filename, mode, flags, unicode_literals, callbacks, options)
    except UnicodeLiteralsFound:
        return _parse(text, filename, mode, flags, True, callbacks, options)


def _parse(text, filename, mode, flags, unicode_literals, callbacks, options):
    tokens = Tokenizer(text.text, filename, options.interactive, flags & DONT_IMPLY_DEDENT == 0,
                       flags & CO_FUTURE_PRINT_FUNCTION == 0, text.end_kind)
    tokens.tab_policy = options.tab_policy
    parser = Parser(tokens, text.encoding, unicode_literals, options.all_unicode, callbacks)
    parser.future_flags = flags & FUTURE_MASK
    if mode == "exec":
        tree = parser.parse_file()
    elif mode == "eval":
        tree = parser.parse_expression_input()
    else:
        assert mode == "single"
        tree = parser.parse_single_input()
    parser.give_warnings()
    if parser.problem is not None:
        raise parser.problem
    if tokens.tabs_inconsistent:
        callbacks.warn_about_tabs(filename)
    return tree
