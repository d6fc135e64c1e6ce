"""Frames of compiled code and their GC maps: which words of a frame hold references at a place in the code.

A frame is a header of a few words (what it is at, a pending exception, ...), then the words in which slow paths and
failing guards save registers, then the slots. At a place where the collector may run a frame points at the GC map of
that place: a string whose first two characters say how many follow, so that the collector can read it from the bytes of
a code block, and whose bits say of each word behind the header whether it is a reference.
"""


def make_gc_map(words):
    """The GC map with the bits of a list of words: the number of bytes that follow (two characters, low first), then
    the bits, eight a character, up to the last one that is set. Empty where there is no word.
    """
    highest = -1
    for word in words:
        highest = max(highest, word)
    if highest < 0:
        return ""
    size = (highest >> 3) + 1
    bits = [0] * size
    for word in words:
        bits[word >> 3] |= 1 << (word & 7)
    characters = [chr(size & 0xFF), chr(size >> 8)]
    for byte in bits:
        characters.append(chr(byte))
    return "".join(characters)


def words_of_gc_map(gc_map):
    """The words whose bits are set in a GC map, in order."""
    words = []
    for index in range(2, len(gc_map)):
        bits = ord(gc_map[index])
        word = (index - 2) << 3
        while bits != 0:
            if bits & 1:
                words.append(word)
            bits >>= 1
            word += 1
    return words
