"""The rows of `rules` as tables of numbers for the matcher: parsed once, when this module is imported.

A tree of a row is a number: the index of a node in the lists `kinds`, `data` and `children`. Rows whose patterns have
an operation that commutes stand in the tables once for each order of its operands.
"""

import re

from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer import words
from ouro.jitcore.optimizer.rules import ROWS

#: Kinds of nodes; `data` is the number of the letter, the number, the index in `FLOATS`, or the opcode.
VALUE, CONSTANT, NUMBER, FLOAT, NULL, OPERATION, LOG2, POWER_OF_TWO = range(8)

_TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9]*|-?\d+\.\d+|-?\d+|[(),])")
_FUNCTIONS = {"log2": LOG2, "power_of_two": POWER_OF_TWO}


class Node:
    """A tree while it is read: `kind`, `data` and a list of children."""

    def __init__(self, kind, data, children=()):
        self.kind = kind
        self.data = data
        self.children = list(children)


class Row:
    """A row: its name and trees. `letters` are the names of the values and constants in it, by number."""

    def __init__(self, text):
        self.name, rest = text.split(": ", 1)
        self.letters = []
        pattern, rest = rest.split(" => ")
        result, _, conditions = rest.partition(" if ")
        self.pattern = self._tree(pattern)
        self.result = self._tree(result)
        self.conditions = self._trees(conditions)

    def _trees(self, text):
        tokens = self._tokens(text)
        found = []
        while tokens:
            found.append(self._read(tokens))
            if tokens:
                assert tokens.pop(0) == ","
        return found

    def _tree(self, text):
        (tree,) = self._trees(text)
        return tree

    def _tokens(self, text):
        tokens, position = [], 0
        text = text.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            assert match is not None, (self.name, text[position:])
            tokens.append(match[1])
            position = match.end()
        return tokens

    def _read(self, tokens):
        token = tokens.pop(0)
        if tokens and tokens[0] == "(":
            children = []
            while tokens.pop(0) != ")":
                children.append(self._read(tokens))
            if token in _FUNCTIONS:
                return Node(_FUNCTIONS[token], 0, children)
            opcode = ops.by_name[token]
            assert len(children) == ops.arity(opcode), self.name
            return Node(OPERATION, opcode, children)
        if token == "null":
            return Node(NULL, 0)
        if token == "BITS":
            return Node(NUMBER, words.BITS)
        if "." in token:
            return Node(FLOAT, float(token))
        if token[-1].isdigit():
            return Node(NUMBER, int(token))
        if token not in self.letters:
            self.letters.append(token)
        return Node(CONSTANT if token.isupper() else VALUE, self.letters.index(token))


def orders(node):
    """A pattern with the operands of what commutes in both orders, where that makes a difference."""
    if node.kind != OPERATION:
        return [node]
    variants = [[]]
    for child in node.children:
        variants = [known + [variant] for known in variants for variant in orders(child)]
    found = [Node(OPERATION, node.data, children) for children in variants]
    if ops.has_flag(node.data, ops.COMMUTES):
        for children in variants:
            first, second = children
            if second.kind in (VALUE, OPERATION) and not (first.kind == VALUE == second.kind):
                found.append(Node(OPERATION, node.data, [second, first]))
    return found


class Tables:
    """The tables of all rows. `by_opcode[opcode]` are the numbers of the rows that an operation begins."""

    def __init__(self):
        self.kinds = []
        self.data = []
        self.floats = []
        self.children = []
        self.patterns = []
        self.results = []
        self.conditions = []
        self.by_opcode = [[] for _ in range(ops.COUNT)]
        self.letter_count = 0

    def add_row(self, row):
        """Add all orders of a row."""
        self.letter_count = max(self.letter_count, len(row.letters))
        for pattern in orders(row.pattern):
            self.by_opcode[pattern.data].append(len(self.patterns))
            self.patterns.append(self.add(pattern))
            self.results.append(self.add(row.result))
            self.conditions.append([self.add(condition) for condition in row.conditions])

    def add(self, node):
        """Add a tree; its number."""
        children = [self.add(child) for child in node.children]
        number = len(self.kinds)
        self.kinds.append(node.kind)
        self.data.append(0 if node.kind == FLOAT else node.data)
        self.floats.append(node.data if node.kind == FLOAT else 0.0)
        self.children.append(children)
        return number


def read_rows():
    """The rows as trees, for the proofs."""
    return [Row(text) for text in ROWS]


def _make_tables():
    tables = Tables()
    for row in read_rows():
        tables.add_row(row)
    return tables


TABLES = _make_tables()
