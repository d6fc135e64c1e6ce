"""Frames of compiled code as raw memory: made, kept for reuse, read when they have ended."""

from __future__ import annotations

from ouro.backend_x86.frame_layout import (
    EXIT_WORD,
    FORCED_WORD,
    FRAME_HEADER_WORDS,
    GC_MAP_WORD,
    INFORMATION_ENTRY,
    INFORMATION_FRAME_WORDS,
    INFORMATION_FREE,
    INFORMATION_WORD,
    INFORMATION_WORDS,
    LENGTH_WORD,
    LONGER_WORD,
    SHORTER_WORD,
)
from ouro.jitcore.backend import JitFrame
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.lltype import Float, Signed, cast_adr_to_int, cast_int_to_adr, load, raw_free, raw_malloc, store


class X86Frame(JitFrame):
    """What a frame held when it ended, or when it was forced: by position, a value in the list of its kind. There
    may be no list of floats if none is kept.

    `pending` is the exception, null for none, and `forced` what was kept for the run when it was forced.
    """

    def __init__(self, descriptor, kinds):
        self.descriptor = descriptor
        count = len(kinds)
        self.ints = [0] * count
        self.references = [NULL_REFERENCE] * count
        # most guards keep no floats, and what is made here is made whenever a guard fails
        self.floats = [0.0] * count if "f" in kinds else []
        self.pending = NULL_REFERENCE
        self.forced = None


class FinishedFrame(JitFrame):
    """The result of a run that finished: of its kind."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.number = 0
        self.reference = NULL_REFERENCE
        self.real = 0.0


class FrameMemory:
    """The raw memory of frames and of what is known of loops, in words of a size."""

    def __init__(self, word_size):
        self.word_size = word_size

    def word(self, address, number):
        """A word, counted from an address."""
        return load(Signed, cast_int_to_adr(address + number * self.word_size))

    def set_word(self, address, number, value):
        """Write a word."""
        store(Signed, cast_int_to_adr(address + number * self.word_size), 0, value)

    def double(self, address, number):
        """A double, counted in words from an address."""
        return load(Float, cast_int_to_adr(address + number * self.word_size))

    def set_double(self, address, number, value):
        """Write a double."""
        store(Float, cast_int_to_adr(address + number * self.word_size), 0, value)

    def new_words(self, words):
        """Memory of so many words."""
        return self._allocate(words)

    # ---- what is known of a loop

    def new_information(self):
        """Information of a loop that is not compiled yet."""
        information = self._allocate(INFORMATION_WORDS)
        for number in range(INFORMATION_WORDS):
            self.set_word(information, number, 0)
        return information

    def _allocate(self, words):
        address = raw_malloc(words * self.word_size)
        if not address:
            raise MemoryError
        return cast_adr_to_int(address)

    def free_information(self, information):
        """Give back information of a loop, and its frames."""
        self.free_frames(information)
        raw_free(cast_int_to_adr(information))

    def free_frames(self, information):
        """Give back the memory of the frames of a loop that are not in use."""
        frame = self.word(information, INFORMATION_FREE)
        self.set_word(information, INFORMATION_FREE, 0)
        while frame != 0:
            following = self.word(frame, EXIT_WORD)
            self._free_frame(frame)
            frame = following

    def describe_loop(self, information, entry, words):
        """The loop begins at an address and needs frames with a number of words; those it had are too short."""
        self.free_frames(information)
        self.set_word(information, INFORMATION_ENTRY, entry)
        self.set_word(information, INFORMATION_FRAME_WORDS, words)

    def lengthen_frames(self, information, words):
        """New frames of a loop have at least a number of words."""
        if words > self.word(information, INFORMATION_FRAME_WORDS):
            self.free_frames(information)
            self.set_word(information, INFORMATION_FRAME_WORDS, words)

    def entry(self, information):
        """The address that a loop is entered at."""
        return self.word(information, INFORMATION_ENTRY)

    def frame_words(self, information):
        """The number of words that frames of a loop have behind their header."""
        return self.word(information, INFORMATION_FRAME_WORDS)

    # ---- frames

    def take_frame(self, information):
        """A frame for a loop: one that it has done with, or a new one."""
        frame = self.word(information, INFORMATION_FREE)
        if frame == 0:
            return self.new_frame(information)
        self.set_word(information, INFORMATION_FREE, self.word(frame, EXIT_WORD))
        return frame

    def new_frame(self, information):
        """A new frame for a loop."""
        words = self.word(information, INFORMATION_FRAME_WORDS)
        frame = self._allocate(FRAME_HEADER_WORDS + words)
        self.set_word(frame, LENGTH_WORD, words)
        self.set_word(frame, EXIT_WORD, 0)
        self.set_word(frame, GC_MAP_WORD, 0)
        self.set_word(frame, FORCED_WORD, 0)
        self.set_word(frame, LONGER_WORD, 0)
        self.set_word(frame, SHORTER_WORD, 0)
        self.set_word(frame, INFORMATION_WORD, information)
        return frame

    def give_back(self, frame):
        """Keep a frame whose contents no one needs any more for the next run of its loop."""
        information = self.word(frame, INFORMATION_WORD)
        if self.word(frame, LENGTH_WORD) < self.word(information, INFORMATION_FRAME_WORDS):
            self._free_frame(frame)
        else:
            self.set_word(frame, EXIT_WORD, self.word(information, INFORMATION_FREE))
            self.set_word(information, INFORMATION_FREE, frame)

    def grow(self, frame, words):
        """A frame with more words that takes the place of one."""
        information = self.word(frame, INFORMATION_WORD)
        self.lengthen_frames(information, words)
        longer = self.new_frame(information)
        for number in range(FRAME_HEADER_WORDS, FRAME_HEADER_WORDS + self.word(frame, LENGTH_WORD)):
            self.set_word(longer, number, self.word(frame, number))
        self.set_word(longer, FORCED_WORD, self.word(frame, FORCED_WORD))
        self.set_word(longer, SHORTER_WORD, frame)
        self.set_word(frame, LONGER_WORD, longer)
        return longer

    def current(self, frame):
        """The frame that a force token names, or the one that has taken its place."""
        longer = self.word(frame, LONGER_WORD)
        while longer != 0:
            frame = longer
            longer = self.word(frame, LONGER_WORD)
        return frame

    def _free_frame(self, frame):
        while frame != 0:
            shorter = self.word(frame, SHORTER_WORD)
            raw_free(cast_int_to_adr(frame))
            frame = shorter
