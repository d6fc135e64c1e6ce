"""Strings that are not made: a length, and pieces that follow each other.

A string is made by `newstr` and then filled from the left: by single characters and by copies of other strings, whose
lengths need not be constants. As long as what is written begins where the last piece ends, the string can stay
virtual: it is a run of characters, a part of another string, or such pieces one after the other.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer.virtuals import Virtual
from ouro.jitcore.optimizer.work import in_work
from ouro.jitcore.resume import VirtualConcatenation, VirtualSlice, VirtualString
from ouro.jitcore.trace import NOTHING, is_constant

#: Constant strings of at most so many characters are made while optimising.
LONGEST_CONSTANT = 256


class Piece:
    """One character, or a part of a string.

    Attributes:
        start: where in the string it begins, a reference.
        character: a reference, `NOTHING` for parts.
        source, source_start, length: of a part: the string, where in it, how much; references.
    """

    def __init__(self, start, character, source, source_start, length):
        self.start = start
        self.character = character
        self.source = source
        self.source_start = source_start
        self.length = length


class Text(Virtual):
    """A string whose length is the reference `length`. What is written ends at `end`."""

    def __init__(self, array, length, zero):
        self.array = array
        self.length = length
        self.pieces = []
        self.end = zero
        self.halves = None
        self.described_length = 0

    def is_complete(self, optimizer):
        """Has everything been written?"""
        return optimizer.work.resolve(self.end) == optimizer.work.resolve(self.length)

    def add(self, piece, end):
        """Append a piece, behind which what is written ends at `end`."""
        self.pieces.append(piece)
        self.end = end
        self.halves = None

    def constant_length(self, optimizer):
        """The number of characters, -1 where it is not known."""
        length = optimizer.work.resolve(self.length)
        if is_constant(length):
            return optimizer.constants.int_of(length)
        return -1

    def is_run(self):
        """Does it consist of single characters?"""
        for piece in self.pieces:
            if piece.character == NOTHING:
                return False
        return True

    def can_describe(self, optimizer):
        """Can resume data say what it is?"""
        if self.is_run():
            length = self.constant_length(optimizer)
            return 0 <= length <= LONGEST_CONSTANT
        return self.is_complete(optimizer)

    def prepare(self, optimizer):
        """Before `describe`: make the values that it names, the halves of a string of several pieces."""
        self.described_length = len(self.pieces)
        if self.is_run() and self.length != NOTHING:
            self.described_length = self.constant_length(optimizer)
        if self.halves is not None or self.is_run() or len(self.pieces) == 1:
            return
        middle = len(self.pieces) // 2
        self.halves = [_half(optimizer, self, 0, middle), _half(optimizer, self, middle, len(self.pieces))]

    def describe(self, contents):
        if self.halves is not None:
            for half in self.halves:
                contents.append(in_work(half))
            return VirtualConcatenation(self.array)
        if self.is_run():
            for piece in self.pieces:
                contents.append(in_work(piece.character))
            for _ in range(self.described_length - len(self.pieces)):
                contents.append(NOTHING)
            return VirtualString(self.array, self.described_length)
        piece = self.pieces[0]
        contents.append(in_work(piece.source))
        contents.append(in_work(piece.source_start))
        contents.append(in_work(piece.length))
        return VirtualSlice(self.array)

    def allocate(self, optimizer, number):
        optimizer.work.first[number] = optimizer.work.resolve(self.length)
        optimizer.work.order.append(number)

    def fill(self, optimizer, number):
        for piece in self.pieces:
            start = optimizer.work.resolve(piece.start)
            if piece.character != NOTHING:
                character = optimizer.work.resolve(piece.character)
                optimizer.emit_new(ops.STRSETITEM, number, start, character, self.array)
            else:
                emit_copy(optimizer, piece.source, number, piece.source_start, start, piece.length, self.array)

    def append_contents(self, contents):
        for piece in self.pieces:
            contents.append(piece.character if piece.character != NOTHING else piece.source)


def _half(optimizer, text, start, stop):
    """A value that stands for some of the pieces: never in the trace, only in descriptions."""
    pieces = text.pieces[start:stop]
    if len(pieces) == 1 and pieces[0].character == NOTHING and is_whole(optimizer, pieces[0]):
        return optimizer.work.resolve(pieces[0].source)
    half = Text(text.array, NOTHING, optimizer.zero_int)
    half.pieces = pieces
    half.prepare(optimizer)
    number = optimizer.work.append(ops.NEWSTR, optimizer.zero_int, NOTHING, NOTHING, text.array)
    optimizer.work.virtuals[number] = half
    return number


def is_whole(optimizer, piece):
    """Is a part all of its string?"""
    work = optimizer.work
    if work.resolve(piece.source_start) != optimizer.zero_int:
        return False
    length = work.resolve(piece.length)
    return length >= 0 and work.opcodes[length] == ops.STRLEN and work.resolve(work.first[length]) == work.resolve(
        piece.source)


def emit_copy(optimizer, source, target, source_start, target_start, length, array):
    """Emit a copy of characters."""
    work = optimizer.work
    operands = [
        optimizer.forced(source), target, work.resolve(source_start), work.resolve(target_start), work.resolve(length),
    ]  # fmt: skip
    number = work.append_list(ops.COPYSTRCONTENT, operands, array)
    work.order.append(number)
