"""The words of a frame of compiled code, and of what is known of a loop.

A frame is raw memory that does not move. It is taken from those that its loop has done with and given back when what it
holds has been read, so that entering a loop allocates nothing. While code runs, the shadow stack has the address of its
frame, and the frame that of a map of the words in it that are references. The words that
`MachineDescription.frame_word` numbers are behind the header.

The frame register points behind the words in which registers are saved, so far that the first slots are reached with
displacements of one byte.
"""

from __future__ import annotations

from ouro.gc import FRAME_FIRST_WORD, FRAME_MAP_WORD

#: The number of words of the frame behind its header.
LENGTH_WORD = 0
#: While code runs a call that may force: the exit of the guard behind the call. When it has ended: where. In a frame
#: that is not in use: the next one of the loop.
EXIT_WORD = 1
#: The address of the GC map of the call that runs, 0 where no word holds a reference.
GC_MAP_WORD = FRAME_MAP_WORD
#: The exception that was pending when a guard failed.
EXCEPTION_WORD = 3
#: Not 0 when a call has forced the frame.
FORCED_WORD = 4
#: The longer frame that has taken the place of this one, and the shorter one whose place this one has taken; or 0. A
#: force token that was made before still names the shorter one, which lives as long as the longer one.
LONGER_WORD = 5
SHORTER_WORD = 6
#: The address of the information of the loop that the frame belongs to.
INFORMATION_WORD = 7

#: Added to the address of a frame in a force token.
FORCE_TOKEN_TAG = 1

FRAME_HEADER_WORDS = FRAME_FIRST_WORD

#: Set in the exit of a finish that is no exception: one test tells a caller that it has a result.
EXIT_FINISHED = 1
EXIT_SHIFT = 1

#: What other code must know of a loop is in raw memory that does not move, its information: the address of the entry,
#: the number of words that frames must have behind their header, and the first of the frames that are not in use.
INFORMATION_ENTRY, INFORMATION_FRAME_WORDS, INFORMATION_FREE = range(3)
INFORMATION_WORDS = 3

#: The slots that are reached with a displacement of one byte, half of them below the frame register.
_NEAR_SLOTS_BELOW = 16


def frame_bias(machine):
    """How many bytes behind the beginning of a frame the frame register points."""
    return machine.word_size * (FRAME_HEADER_WORDS + machine.saved_words + _NEAR_SLOTS_BELOW)
