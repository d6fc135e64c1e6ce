"""From the bytes of a program to the text that the tokenizer reads: newlines, byte order mark, encoding
declaration."""

from ouro.rlib.rstring import StringBuilder

from ._literals import LATIN_1, UTF_8
from ._problems import DecodingProblem, SyntaxProblem
from ._tokenizer import END_OF_FILE_AHEAD, END_OF_FILE_FOUND, END_OF_TEXT

BYTE_ORDER_MARK = "\xef\xbb\xbf"


class SourceText:
    """`text` with its lines ended by newline characters; `encoding` as declared, empty if it is not.

    The text is UTF-8 if the encoding is anything but empty or Latin-1. `end_kind` is that of the tokenizer.
    """

    def __init__(self, text, encoding, end_kind=END_OF_TEXT):
        self.text = text
        self.encoding = encoding
        self.end_kind = end_kind


def read_source(source, filename, complete_last_line, is_utf8, options, callbacks):
    """Prepare a program for the tokenizer.

    Parameters:
        complete_last_line: append the newline that a last line lacks. is_utf8: the program was text, and is
        passed here encoded; it may declare no encoding. options: a `ParseOptions`.

    Raises SyntaxProblem.
    """
    text = _with_newlines(source, complete_last_line, options.from_file)
    end_kind = END_OF_TEXT
    if options.from_file:
        end_kind = END_OF_FILE_AHEAD if source.endswith("\n") or source.endswith("\r") else END_OF_FILE_FOUND
        text = without_ends_after_nul(text)
        if len(text) > 0 and not text.endswith("\n"):
            # a NUL took the newline of the last line, and looking for it found the end
            text += "\n"
            end_kind = END_OF_FILE_FOUND
    encoding = ""
    if text.startswith(BYTE_ORDER_MARK):
        text = text[3:]
        encoding = UTF_8
    declaration_line = 0
    declared = _declared_encoding(text, 0)
    if declared == "":
        second_line = text.find("\n") + 1
        if second_line > 0 and _is_comment_or_blank(text, 0):
            declared = _declared_encoding(text, second_line)
            declaration_line = 1
    if declared != "":
        if is_utf8:
            raise SyntaxProblem("SyntaxError", "encoding declaration in Unicode string", filename, 0)
        normal = _normal_name(declared)
        error_line = declaration_line + 1 if options.from_file else 0
        if encoding != "":
            if normal != encoding:
                raise SyntaxProblem("SyntaxError", "encoding problem: %s with BOM" % normal, filename, error_line, 0)
        elif normal != UTF_8 and normal != LATIN_1:
            if options.from_file:
                # the lines up to the declaration are read before it is known
                start = text.find("\n") + 1
                if declaration_line > 0:
                    start = text.find("\n", start) + 1
                assert start > 0
                text = text[:start] + _decoded_lines(text[start:], declared, filename, error_line, callbacks)
                # the codec's reader looks whether there are more lines
                end_kind = END_OF_FILE_FOUND
            else:
                text = _recode(text, declared, filename, error_line, callbacks)
            normal = declared
        encoding = normal
    elif is_utf8:
        encoding = UTF_8
    elif options.encoding != "":
        return _typed_text(text, options.encoding, callbacks)
    elif options.from_file and encoding == "":
        _refuse_non_ascii(text, filename)
    return SourceText(text, encoding, end_kind)


def _typed_text(text, encoding, callbacks):
    """What came from a terminal with an encoding. Text that is not in that encoding has none."""
    normal = _normal_name(encoding)
    if normal == LATIN_1:
        return SourceText(text, normal)
    try:
        return SourceText(callbacks.decode_source(text, encoding), normal)
    except DecodingProblem:
        return SourceText(text, "")


def _recode(text, encoding, filename, error_line, callbacks):
    try:
        return callbacks.decode_source(text, encoding)
    except DecodingProblem as problem:
        raise SyntaxProblem("SyntaxError", problem.message, filename, error_line, 0) from None


def _decoded_lines(text, encoding, filename, error_line, callbacks):
    try:
        return callbacks.decode_file(text, encoding)
    except DecodingProblem as problem:
        if problem.unknown:
            raise SyntaxProblem("SyntaxError", "encoding problem: " + encoding, filename, error_line, 0) from None
        raise SyntaxProblem("SyntaxError", problem.message, filename, error_line + 1, 0) from None


def _refuse_non_ascii(text, filename):
    line = 1
    for character in text:
        if character == "\n":
            line += 1
        elif ord(character) > 127:
            digits = "0123456789abcdef"[ord(character) >> 4] + "0123456789abcdef"[ord(character) & 15]
            raise SyntaxProblem(
                "SyntaxError",
                "Non-ASCII character '\\x%s' in file %s on line %d, but no encoding declared; "
                "see http://python.org/dev/peps/pep-0263/ for details" % (digits, filename, line),
                filename, line, 0)


def without_ends_after_nul(text):
    """The lines of a file as C functions for strings see them: a NUL ends a line early, its newline included."""
    position = text.find("\0")
    if position < 0:
        return text
    builder = StringBuilder(len(text))
    start = 0
    while position >= 0:
        builder.append_slice(text, start, position)
        start = text.find("\n", position) + 1
        if start == 0:
            return builder.build()
        position = text.find("\0", start)
    builder.append_slice(text, start, len(text))
    return builder.build()


def _with_newlines(source, complete_last_line, from_file):
    text = source
    if text.find("\r") >= 0:
        builder = StringBuilder(len(text))
        start = 0
        while True:
            end = text.find("\r", start)
            if end < 0:
                builder.append_slice(text, start, len(text))
                break
            builder.append_slice(text, start, end)
            builder.append("\n")
            start = end + 1
            if start < len(text) and text[start] == "\n":
                start += 1
        text = builder.build()
    # Of a carriage return and a newline CPython finds that they do not end the last line of a string.
    ended = text.endswith("\n") and (from_file or not source.endswith("\r\n"))
    if complete_last_line and len(text) > 0 and not ended:
        text += "\n"
    return text


def _is_comment_or_blank(text, start):
    for i in range(start, len(text)):
        character = text[i]
        if character == "\n":
            break
        if character == "#":
            return True
        if character != " " and character != "\t" and character != "\f":
            return False
    return True


def _declared_encoding(text, start):
    """The name in a `coding: NAME` comment on the line at `start`, or an empty string.

    A line that no newline ends does not count.
    """
    end = text.find("\n", start)
    if end < 0 or not _is_comment_or_blank(text, start):
        return ""
    position = start
    while True:
        position = text.find("coding", position, end)
        if position < 0:
            return ""
        position += len("coding")
        if position >= end or (text[position] != ":" and text[position] != "="):
            continue
        position += 1
        while position < end and (text[position] == " " or text[position] == "\t"):
            position += 1
        name_start = position
        while position < end and _is_name_character(text[position]):
            position += 1
        if position > name_start:
            return text[name_start:position]


def _is_name_character(character):
    return (character.isalnum() and ord(character) < 128) or character == "-" or character == "_" or character == "."


def _normal_name(name):
    """`utf-8` and `iso-8859-1` for their spellings; other names as they are."""
    lowered = name[:12].lower().replace("_", "-") if len(name) > 12 else name.lower().replace("_", "-")
    if lowered == "utf-8" or lowered.startswith("utf-8-"):
        return UTF_8
    if (lowered == "latin-1" or lowered == "iso-8859-1" or lowered == "iso-latin-1"
            or lowered.startswith("latin-1-") or lowered.startswith("iso-8859-1-")
            or lowered.startswith("iso-latin-1-")):
        return LATIN_1
    return name
