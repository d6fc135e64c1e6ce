"""Token kinds, the operator automaton and the keywords, as tables."""

(ENDMARKER, NAME, NUMBER, STRING, NEWLINE, INDENT, DEDENT, UNKNOWN,
 LPAR, RPAR, LSQB, RSQB, LBRACE, RBRACE, COLON, COMMA, SEMI, DOT, EQUAL, AT, BACKQUOTE,
 PLUS, MINUS, STAR, SLASH, PERCENT, VBAR, AMPER, CIRCUMFLEX, TILDE,
 LESS, GREATER, EQEQUAL, NOTEQUAL, LESSEQUAL, GREATEREQUAL,
 LEFTSHIFT, RIGHTSHIFT, DOUBLESTAR, DOUBLESLASH,
 PLUSEQUAL, MINEQUAL, STAREQUAL, SLASHEQUAL, PERCENTEQUAL, AMPEREQUAL, VBAREQUAL, CIRCUMFLEXEQUAL,
 LEFTSHIFTEQUAL, RIGHTSHIFTEQUAL, DOUBLESTAREQUAL, DOUBLESLASHEQUAL,
 KW_AND, KW_AS, KW_ASSERT, KW_BREAK, KW_CLASS, KW_CONTINUE, KW_DEF, KW_DEL, KW_ELIF, KW_ELSE, KW_EXCEPT,
 KW_EXEC, KW_FINALLY, KW_FOR, KW_FROM, KW_GLOBAL, KW_IF, KW_IMPORT, KW_IN, KW_IS, KW_LAMBDA, KW_NOT, KW_OR,
 KW_PASS, KW_PRINT, KW_RAISE, KW_RETURN, KW_TRY, KW_WHILE, KW_WITH, KW_YIELD,
 KIND_COUNT) = range(84)

KEYWORDS = {
    "and": KW_AND, "as": KW_AS, "assert": KW_ASSERT, "break": KW_BREAK, "class": KW_CLASS,
    "continue": KW_CONTINUE, "def": KW_DEF, "del": KW_DEL, "elif": KW_ELIF, "else": KW_ELSE,
    "except": KW_EXCEPT, "exec": KW_EXEC, "finally": KW_FINALLY, "for": KW_FOR, "from": KW_FROM,
    "global": KW_GLOBAL, "if": KW_IF, "import": KW_IMPORT, "in": KW_IN, "is": KW_IS, "lambda": KW_LAMBDA,
    "not": KW_NOT, "or": KW_OR, "pass": KW_PASS, "print": KW_PRINT, "raise": KW_RAISE, "return": KW_RETURN,
    "try": KW_TRY, "while": KW_WHILE, "with": KW_WITH, "yield": KW_YIELD,
}

_OPERATORS = {
    "(": LPAR, ")": RPAR, "[": LSQB, "]": RSQB, "{": LBRACE, "}": RBRACE, ":": COLON, ",": COMMA, ";": SEMI,
    ".": DOT, "=": EQUAL, "@": AT, "`": BACKQUOTE, "+": PLUS, "-": MINUS, "*": STAR, "/": SLASH, "%": PERCENT,
    "|": VBAR, "&": AMPER, "^": CIRCUMFLEX, "~": TILDE, "<": LESS, ">": GREATER, "==": EQEQUAL,
    "!=": NOTEQUAL, "<>": NOTEQUAL, "<=": LESSEQUAL, ">=": GREATEREQUAL, "<<": LEFTSHIFT, ">>": RIGHTSHIFT,
    "**": DOUBLESTAR, "//": DOUBLESLASH, "+=": PLUSEQUAL, "-=": MINEQUAL, "*=": STAREQUAL, "/=": SLASHEQUAL,
    "%=": PERCENTEQUAL, "&=": AMPEREQUAL, "|=": VBAREQUAL, "^=": CIRCUMFLEXEQUAL, "<<=": LEFTSHIFTEQUAL,
    ">>=": RIGHTSHIFTEQUAL, "**=": DOUBLESTAREQUAL, "//=": DOUBLESLASHEQUAL,
}

# Kind of an operator that is one character, by character code; UNKNOWN where there is none.
SINGLE_CHARACTER = [_OPERATORS.get(chr(code), UNKNOWN) for code in range(256)]


def _successors():
    # '!' is no operator itself; its automaton state is UNKNOWN, which '=' leaves for NOTEQUAL.
    table = {}
    for text, kind in _OPERATORS.items():
        if len(text) > 1:
            prefix = _OPERATORS.get(text[:-1], UNKNOWN)
            table[prefix * 256 + ord(text[-1])] = kind
    return table


# From kind * 256 + character code to the kind of the operator that is one character longer.
SUCCESSORS = _successors()

# Classes of characters, as bits by character code.
IDENTIFIER_START = 1
IDENTIFIER_PART = 2
DIGIT = 4
HEX_DIGIT = 8
BLANK = 16


def _character_bits(code):
    character = chr(code)
    bits = 0
    if code < 128 and (character.isalpha() or character == "_"):
        bits |= IDENTIFIER_START | IDENTIFIER_PART
    if character in "0123456789":
        bits |= IDENTIFIER_PART | DIGIT
    if character in "0123456789abcdefABCDEF":
        bits |= HEX_DIGIT
    if character in " \t\f":
        bits |= BLANK
    return bits


CHARACTER_BITS = [_character_bits(code) for code in range(256)]
