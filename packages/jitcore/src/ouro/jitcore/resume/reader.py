"""Reads what `ResumeBuilder` wrote, into flat lists of numbers."""

from ouro.jitcore.resume.store import NO_CONSTANT, VIRTUAL, token_number, token_tag
from ouro.jitcore.trace import NO_FRAME
from ouro.jitcore.trace.numbers import NumberReader


class ResumeReader:
    """The resume data of one guard.

    It does not change, and may be used for every failure of the guard. All tokens are in `tokens`; the rest says which
    are whose. Frame 0 is the outermost one.

    Attributes:
        jitcodes, positions: of each frame.
        frame_starts, frame_counts: where the tokens of a frame are, and how many.
        virtualizable_start, virtualizable_count; references_start, references_count: those outside of the frames.
        descriptions, content_starts: of each virtual, its shape and where its contents are.
        pending_descriptors, pending_indices, pending_starts: of each pending store; base and value stand one behind the
            other, and behind them the index if it is no constant (`NO_CONSTANT`).
    """

    def __init__(self, store, place):
        self.store = store
        self.place = place
        self.jitcodes = []
        self.positions = []
        self.frame_starts = []
        self.frame_counts = []
        self.tokens = []
        self.descriptions = []
        self.content_starts = []
        self.pending_descriptors = []
        self.pending_indices = []
        self.pending_starts = []
        self._virtual_count = 0
        numbers = NumberReader(store.characters, place)
        self._frames(numbers.unsigned() - 1)
        self.virtualizable_start = len(self.tokens)
        self.virtualizable_count = self._values(numbers)
        self.references_start = len(self.tokens)
        self.references_count = self._values(numbers)
        for _ in range(numbers.unsigned()):
            self.pending_descriptors.append(store.descriptors[numbers.unsigned()])
            self.pending_starts.append(len(self.tokens))
            self._token(numbers)
            index = numbers.unsigned() + NO_CONSTANT
            self.pending_indices.append(index)
            self._token(numbers)
            if index == NO_CONSTANT:
                self._token(numbers)
        self._definitions(numbers)

    def frame_count(self):
        """The number of frames."""
        return len(self.jitcodes)

    def virtual_count(self):
        """The number of virtuals."""
        return len(self.descriptions)

    def pending_count(self):
        """The number of pending stores."""
        return len(self.pending_descriptors)

    def _frames(self, innermost):
        places = []
        place = innermost
        while place != NO_FRAME:
            places.append(place)
            place = NumberReader(self.store.characters, place).unsigned() - 1
        for number in range(len(places) - 1, -1, -1):
            numbers = NumberReader(self.store.characters, places[number])
            numbers.unsigned()
            self.jitcodes.append(numbers.unsigned())
            self.positions.append(numbers.unsigned())
            self.frame_starts.append(len(self.tokens))
            self.frame_counts.append(self._values(numbers))
            self._definitions(numbers)

    def _values(self, numbers):
        count = numbers.unsigned()
        for _ in range(count):
            self._token(numbers)
        return count

    def _token(self, numbers):
        token = numbers.unsigned()
        self.tokens.append(token)
        if token_tag(token) == VIRTUAL and token_number(token) >= self._virtual_count:
            self._virtual_count = token_number(token) + 1

    def _definitions(self, numbers):
        # contents may name further virtuals, which are defined behind
        while len(self.descriptions) < self._virtual_count:
            description = self.store.descriptions[numbers.unsigned()]
            self.descriptions.append(description)
            self.content_starts.append(len(self.tokens))
            for _ in range(description.count):
                self._token(numbers)
