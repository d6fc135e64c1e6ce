"""The tokenizer: from a position in the source text to one token at a time.

It works on indices into the text and is driven by the parser token by token, never ahead of it: of several
mistakes in a text CPython reports the one that its parser meets first, and so must we.  Three positions
beside the current one exist for the sake of error messages: `line_start`, where the current line begins;
`shown_start`, where the text that an error shows begins (the line on which the current token began); and
`end_touched`, whether a character past the end was asked for.

CPython reads files by lines, and its errors at the end of a file show that: asking for a line that is not
there counts as a line, leaves nothing of the line before it to show, and in a string gives an empty line first
unless the reader knew of the end already. `end` says which of these sources it is.
"""

from . import _tokens as T
from ._problems import IncompleteInput, SyntaxProblem

TAB_SIZE = 8
MAX_INDENT = 100

END_OF_TEXT = 0  # the source is no file
END_OF_FILE_FOUND = 1  # reading the last line has found the end of the file
END_OF_FILE_AHEAD = 2  # the reader does not know yet that there are no more lines

TABS_ACCEPTED = 0
TABS_WARNED = 1
TABS_REFUSED = 2


class Tokenizer:
    """Reads `source`, whose lines end in a newline character alone.

    After `advance()` the attributes `kind`, `start`, `end`, `lineno` and `column` describe the token and
    `text` is the text of a name.

    Parameters:
        interactive: reaching the end of the text means that more lines are needed (IncompleteInput), and an
            empty line ends an indented block.
        imply_dedent: close open blocks at an end that is not preceded by a newline.
        print_is_keyword: cleared while running by `from __future__ import print_function`.
        end_kind: one of the `END_` constants.
    """

    def __init__(self, source, filename, interactive, imply_dedent, print_is_keyword, end_kind=END_OF_TEXT):
        self.source = source
        self.length = len(source)
        self.filename = filename
        self.interactive = interactive
        self.imply_dedent = imply_dedent
        self.print_is_keyword = print_is_keyword
        self.end_kind = end_kind
        self.nothing_shown = False
        self.tab_policy = TABS_ACCEPTED
        self.tabs_inconsistent = False
        self.position = 0
        self.line_start = 0
        self.shown_start = 0
        self.end_touched = False
        self.current_line = 0
        self.at_line_start = True
        self.bracket_depth = 0
        self.indents = [0]
        self.alternate_indents = [0]
        self.pending_indents = 0
        self.statement_started = False
        self.kind = T.NEWLINE
        self.start = 0
        self.end = 0
        self.lineno = 0
        self.column = 0
        self.text = ""

    # Errors

    def problem(self, kind, message):
        """A SyntaxProblem that shows the current line, with the offset of the current position in it."""
        end = self.source.find("\n", self.line_start)
        if end < 0:
            end = self.length
        else:
            end += 1
        start = self.shown_start
        assert start >= 0
        assert end >= start
        text = "" if self.nothing_shown else self.source[start:end]
        return SyntaxProblem(kind, message, self.filename, self.current_line, self.position - start, text)

    def _to_line_end(self):
        end = self.source.find("\n", self.line_start)
        if end < 0:
            self.position = self.length
        else:
            self.position = end + 1

    def unexpected_token(self, expected_indent):
        """The error for a token that the grammar does not allow here."""
        if self.current_line <= 1 and self.end_touched:
            return self.problem("SyntaxError", "unexpected EOF while parsing")
        if expected_indent:
            return self.problem("IndentationError", "expected an indented block")
        if self.kind == T.INDENT:
            return self.problem("IndentationError", "unexpected indent")
        if self.kind == T.DEDENT:
            return self.problem("IndentationError", "unexpected unindent")
        return self.problem("SyntaxError", "invalid syntax")

    def _touch_end(self):
        if self.end_kind != END_OF_TEXT and not self.end_touched:
            self.current_line += 1
            self.nothing_shown = True
        self.end_touched = True
        if self.interactive:
            raise IncompleteInput()

    # Characters

    def _begin_line(self):
        """Called before the first character of a line that no token reaches into is looked at."""
        if self.position < self.length:
            self.current_line += 1
            self.line_start = self.position
            self.shown_start = self.position
        else:
            self._touch_end()

    def _peek(self, position):
        """The character there, or NUL at the end."""
        if position < self.length:
            return self.source[position]
        self._touch_end()
        return "\x00"

    # Tokens

    def advance(self):
        """Read the next token; raises SyntaxProblem or IncompleteInput."""
        self._read()
        if self.kind == T.ENDMARKER:
            if self.statement_started:
                self.kind = T.NEWLINE
                self.statement_started = False
                if len(self.indents) > 1 and self.imply_dedent:
                    self.pending_indents = 1 - len(self.indents)
                    del self.indents[1:]
                    del self.alternate_indents[1:]
        else:
            self.statement_started = True
        self.lineno = self.current_line
        if self.start >= self.line_start:
            self.column = self.start - self.line_start
        else:
            self.column = -1

    def _read(self):
        blank_line = False
        while True:
            if self.at_line_start:
                self.at_line_start = False
                self._begin_line()
                blank_line = self._measure_indentation()
            self.start = self.position
            if self.pending_indents != 0:
                self.end = self.start
                if self.pending_indents < 0:
                    self.pending_indents += 1
                    self.kind = T.DEDENT
                else:
                    self.pending_indents -= 1
                    self.kind = T.INDENT
                return
            if self._read_on_line(blank_line):
                return

    def _measure_indentation(self):
        """Count the blanks at the start of a line; returns whether the line is to be ignored."""
        source = self.source
        position = self.position
        column = 0
        alternate_column = 0
        while position < self.length:
            character = source[position]
            if character == " ":
                column += 1
                alternate_column += 1
            elif character == "\t":
                column = (column // TAB_SIZE + 1) * TAB_SIZE
                alternate_column += 1
            elif character == "\f":
                column = 0
                alternate_column = 0
            else:
                break
            position += 1
        self.position = position
        if position < self.length:
            character = source[position]
            if character == "#" or (character == "\n" and not (column == 0 and self.interactive)):
                return True
        else:
            self._touch_end()
        if self.bracket_depth == 0:
            self._compare_indentation(column, alternate_column)
        return False

    def _compare_indentation(self, column, alternate_column):
        indents = self.indents
        consistent = True
        if column > indents[-1]:
            if len(indents) >= MAX_INDENT:
                self._to_line_end()
                raise self.problem("IndentationError", "too many levels of indentation")
            consistent = alternate_column > self.alternate_indents[-1]
            self.pending_indents += 1
            indents.append(column)
            self.alternate_indents.append(alternate_column)
        else:
            while column < indents[-1]:
                self.pending_indents -= 1
                indents.pop()
                self.alternate_indents.pop()
            if column != indents[-1]:
                self._to_line_end()
                raise self.problem("IndentationError", "unindent does not match any outer indentation level")
            consistent = alternate_column == self.alternate_indents[-1]
        if not consistent and self.tab_policy != TABS_ACCEPTED:
            if self.tab_policy == TABS_REFUSED:
                self._to_line_end()
                raise self.problem("TabError", "inconsistent use of tabs and spaces in indentation")
            self.tabs_inconsistent = True

    def _read_on_line(self, blank_line):
        """Read a token of the current line; returns False where the line ended without one."""
        source = self.source
        length = self.length
        while True:
            position = self.position
            while position < length and T.CHARACTER_BITS[ord(source[position])] & T.BLANK:
                position += 1
            self.position = position
            self.start = position
            if position >= length:
                self._touch_end()
                self.kind = T.ENDMARKER
                self.end = position
                return True
            character = source[position]
            bits = T.CHARACTER_BITS[ord(character)]
            if bits & T.IDENTIFIER_START:
                self._read_name(position)
                return True
            if character == "#":
                position = source.find("\n", position)
                if position < 0:
                    self.position = length
                    continue
                self.position = position
                self.start = position
                character = "\n"
            if character == "\n":
                self.position = position + 1
                self.at_line_start = True
                if blank_line or self.bracket_depth > 0:
                    return False
                self.kind = T.NEWLINE
                self.end = position
                return True
            if character != "\\":
                self._read_other(position, character, bits)
                return True
            self.position = position + 1
            if self._peek(position + 1) != "\n":
                self._to_line_end()
                raise self.problem("SyntaxError", "unexpected character after line continuation character")
            self.position = position + 2
            self._begin_line()

    def _read_name(self, position):
        source = self.source
        length = self.length
        start = position
        position += 1
        while position < length and T.CHARACTER_BITS[ord(source[position])] & T.IDENTIFIER_PART:
            position += 1
        if position >= length:
            self._touch_end()
        elif position - start <= 2:
            quote = source[position]
            if (quote == "'" or quote == '"') and _is_string_prefix(source, start, position):
                self._read_string(position, quote)
                return
        self.position = position
        self.end = position
        text = source[start:position]
        self.text = text
        self.kind = T.KEYWORDS.get(text, T.NAME)
        if self.kind == T.KW_PRINT and not self.print_is_keyword:
            self.kind = T.NAME

    def _read_other(self, position, character, bits):
        if bits & T.DIGIT:
            self._read_number(position, character)
        elif character == "'" or character == '"':
            self._read_string(position, character)
        elif character == "." and T.CHARACTER_BITS[ord(self._peek(position + 1))] & T.DIGIT:
            self._finish_number(self._fraction(position + 1))
        else:
            self._read_operator(position, character)

    def _read_operator(self, position, character):
        kind = T.SINGLE_CHARACTER[ord(character)]
        position += 1
        while kind != T.DOT:
            longer = T.SUCCESSORS.get(kind * 256 + ord(self._peek(position)), -1)
            if longer < 0 or (kind == T.UNKNOWN and character != "!"):
                break
            kind = longer
            position += 1
            if position - self.start == 3:
                break
        if kind == T.LPAR or kind == T.LSQB or kind == T.LBRACE:
            self.bracket_depth += 1
        elif kind == T.RPAR or kind == T.RSQB or kind == T.RBRACE:
            self.bracket_depth -= 1
        self.kind = kind
        self.position = position
        self.end = position

    # Numbers

    def _skip(self, position, bit):
        while T.CHARACTER_BITS[ord(self._peek(position))] & bit:
            position += 1
        return position

    def _finish_number(self, position):
        self.kind = T.NUMBER
        self.position = position
        self.end = position

    def _invalid_token(self, position):
        self.position = position
        return self.problem("SyntaxError", "invalid token")

    def _fraction(self, position):
        return self._exponent(self._skip(position, T.DIGIT))

    def _exponent(self, position):
        character = self._peek(position)
        if character == "e" or character == "E":
            following = self._peek(position + 1)
            if following == "+" or following == "-":
                if not T.CHARACTER_BITS[ord(self._peek(position + 2))] & T.DIGIT:
                    raise self._invalid_token(position + 2)
                position = self._skip(position + 2, T.DIGIT)
            elif T.CHARACTER_BITS[ord(following)] & T.DIGIT:
                position = self._skip(position + 1, T.DIGIT)
            else:
                return position
            character = self._peek(position)
        if character == "j" or character == "J":
            position += 1
            self._peek(position)
        return position

    def _read_number(self, position, character):
        if character != "0":
            position = self._skip(position, T.DIGIT)
            following = self._peek(position)
            if following == "l" or following == "L":
                self._peek(position + 1)
                position += 1
            elif following == ".":
                position = self._fraction(position + 1)
            else:
                position = self._exponent(position)
            self._finish_number(position)
            return
        following = self._peek(position + 1)
        if following == "x" or following == "X":
            position = self._radix_digits(position + 2, "f")
        elif following == "o" or following == "O":
            position = self._radix_digits(position + 2, "7")
        elif following == "b" or following == "B":
            position = self._radix_digits(position + 2, "1")
        else:
            position = self._skip(position, T.DIGIT)
            following = self._peek(position)
            if following == ".":
                self._finish_number(self._fraction(position + 1))
                return
            if following == "e" or following == "E" or following == "j" or following == "J":
                self._finish_number(self._exponent(position))
                return
            for i in range(self.start, position):
                if self.source[i] >= "8":
                    raise self._invalid_token(position)
        following = self._peek(position)
        if following == "l" or following == "L":
            self._peek(position + 1)
            position += 1
        self._finish_number(position)

    def _radix_digits(self, position, largest):
        if not self._is_radix_digit(position, largest):
            raise self._invalid_token(position)
        while self._is_radix_digit(position, largest):
            position += 1
        return position

    def _is_radix_digit(self, position, largest):
        character = self._peek(position)
        if largest == "f":
            return T.CHARACTER_BITS[ord(character)] & T.HEX_DIGIT != 0
        return "0" <= character <= largest

    # Strings

    def _read_string(self, position, quote):
        """Read from the opening quote on; a prefix, if any, has been passed."""
        source = self.source
        length = self.length
        triple = (position + 1 < length and source[position + 1] == quote and self._peek(position + 2) == quote)
        position += 3 if triple else 1
        while True:
            if position >= length:
                self._touch_end()
                self.nothing_shown = False
                self.position = length
                if triple:
                    raise self.problem("SyntaxError", "EOF while scanning triple-quoted string literal")
                raise self.problem("SyntaxError", "EOL while scanning string literal")
            character = source[position]
            if character == quote:
                position += 1
                if not triple:
                    break
                if (position + 1 < length and source[position] == quote and source[position + 1] == quote):
                    position += 2
                    break
                continue
            if character == "\n":
                if not triple:
                    self.position = position
                    raise self.problem("SyntaxError", "EOL while scanning string literal")
                position = self._newline_in_string(position)
                source = self.source
                length = self.length
            elif character == "\\":
                position += 1
                if position >= length:
                    triple = False
                    continue
                if source[position] == "\n":
                    position = self._newline_in_string(position)
                    source = self.source
                    length = self.length
                else:
                    position += 1
            else:
                position += 1
        self.kind = T.STRING
        self.position = position
        self.end = position

    def _newline_in_string(self, position):
        position += 1
        if position == self.length and self.end_kind == END_OF_FILE_AHEAD:
            self.source += "\n"
            self.length += 1
            self.end_kind = END_OF_FILE_FOUND
        if position < self.length:
            self.current_line += 1
            self.line_start = position
        return position


def _is_string_prefix(source, start, end):
    first = source[start]
    if end - start == 1:
        return first in "bBrRuU"
    return first in "bBuU" and source[start + 1] in "rR"
