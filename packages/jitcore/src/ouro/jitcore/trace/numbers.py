"""Integers of varying length in lists of characters: seven bits a character, the high bit says that more follow."""

from ouro.rlib.rarithmetic import intmask, r_uint


def append_unsigned(characters, value):
    """Append an int whose bits are taken as unsigned: small numbers take one character."""
    if 0 <= value < 0x80:
        characters.append(chr(value))
        return
    rest = r_uint(value)
    while rest >= r_uint(0x80):
        characters.append(chr(intmask(rest & r_uint(0x7F)) | 0x80))
        rest = rest >> r_uint(7)
    characters.append(chr(intmask(rest)))


def append_signed(characters, value):
    """Append an int of either sign: numbers near zero take one character."""
    if value < 0:
        append_unsigned(characters, intmask((r_uint(~value) << r_uint(1)) | r_uint(1)))
    else:
        append_unsigned(characters, intmask(r_uint(value) << r_uint(1)))


class NumberReader:
    """Walks over the numbers in a list of characters."""

    def __init__(self, characters, position):
        self.characters = characters
        self.position = position

    def at_end(self):
        """Is there no further number?"""
        return self.position >= len(self.characters)

    def character(self):
        """The next character as a number from 0 to 255."""
        value = ord(self.characters[self.position])
        self.position += 1
        return value

    def unsigned(self):
        """The next number, written by `append_unsigned`."""
        value = self.character()
        if value < 0x80:
            return value
        result = r_uint(value & 0x7F)
        shift = 7
        while value >= 0x80:
            value = self.character()
            result = result | (r_uint(value & 0x7F) << r_uint(shift))
            shift += 7
        return intmask(result)

    def signed(self):
        """The next number, written by `append_signed`."""
        value = r_uint(self.unsigned())
        half = intmask(value >> r_uint(1))
        if value & r_uint(1):
            return ~half
        return half
