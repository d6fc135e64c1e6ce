"""Names of characters.

A name is stored as a sequence of word numbers; those of ideographs and Hangul syllables are computed.
"""

from ._data import Strings, Table, packed_number, text

_NAME_NUMBER = Table("name")
_NAMES = Strings("names")
_WORDS = Strings("words")
_CODES_BY_NAME = text("codes_by_name")
_NAME_COUNT = len(_CODES_BY_NAME) // 4

_IDEOGRAPH = "CJK UNIFIED IDEOGRAPH-"
_IDEOGRAPH_RANGES = ((0x3400, 0x4DB5), (0x4E00, 0x9FCB), (0x20000, 0x2A6D6), (0x2A700, 0x2B734))
IDEOGRAPH_STARTS = [_first for _first, _ in _IDEOGRAPH_RANGES]
IDEOGRAPH_ENDS = [_last for _, _last in _IDEOGRAPH_RANGES]

_SYLLABLE = "HANGUL SYLLABLE "
HANGUL_FIRST = 0xAC00
HANGUL_LAST = 0xD7A3
LEADING = "G GG N D DD R M B BB S SS  J JJ C K T P H".split(" ")
VOWELS = "A AE YA YAE EO E YEO YE O WA WAE OE YO U WEO WE WI YU EU YI I".split(" ")
TRAILING = " G GG GS N NJ NH D L LG LM LB LS LT LP LH M B BS S SS NG J C K T P H".split(" ")


def is_ideograph(code):
    """Whether the character is a unified ideograph."""
    for i in range(len(IDEOGRAPH_STARTS)):
        if IDEOGRAPH_STARTS[i] <= code <= IDEOGRAPH_ENDS[i]:
            return True
    return False


def character_name(code):
    """The name of the character, or an empty string."""
    if HANGUL_FIRST <= code <= HANGUL_LAST:
        syllable = code - HANGUL_FIRST
        trailing = syllable % len(TRAILING)
        syllable //= len(TRAILING)
        return _SYLLABLE + LEADING[syllable // len(VOWELS)] + VOWELS[syllable % len(VOWELS)] + TRAILING[trailing]
    if is_ideograph(code):
        return _IDEOGRAPH + _hexadecimal(code)
    number = _NAME_NUMBER.get(code)
    if number == 0:
        return ""
    encoded = _NAMES.get(number)
    words = []
    position = 0
    while position < len(encoded):
        word = ord(encoded[position])
        position += 1
        if word >= 128:
            word = (word & 127) << 8 | ord(encoded[position])
            position += 1
        words.append(_WORDS.get(word))
    return " ".join(words)


def _hexadecimal(code):
    digits = ""
    while code > 0 or len(digits) < 4:
        digits = "0123456789ABCDEF"[code & 15] + digits
        code >>= 4
    return digits


def lookup_name(name):
    """The code point of the character of that name, in upper or lower case, or -1."""
    name = name.upper()
    if name.startswith(_SYLLABLE):
        code = _find_syllable(name[len(_SYLLABLE):])
        if code >= 0:
            return code
    if name.startswith(_IDEOGRAPH):
        return _find_ideograph(name[len(_IDEOGRAPH):])
    low = 0
    high = _NAME_COUNT
    while low < high:
        middle = (low + high) >> 1
        code = packed_number(_CODES_BY_NAME, middle)
        candidate = character_name(code)
        if candidate == name:
            return code
        if candidate < name:
            low = middle + 1
        else:
            high = middle
    return -1


def _longest_prefix(text, parts):
    """The index of the longest part that the text begins with, or -1."""
    best = -1
    for i in range(len(parts)):
        if text.startswith(parts[i]) and (best < 0 or len(parts[i]) > len(parts[best])):
            best = i
    return best


def _find_syllable(text):
    leading = _longest_prefix(text, LEADING)
    if leading < 0:
        return -1
    text = text[len(LEADING[leading]):]
    vowel = _longest_prefix(text, VOWELS)
    if vowel < 0:
        return -1
    text = text[len(VOWELS[vowel]):]
    for trailing in range(len(TRAILING)):
        if text == TRAILING[trailing]:
            return HANGUL_FIRST + (leading * len(VOWELS) + vowel) * len(TRAILING) + trailing
    return -1


def _find_ideograph(digits):
    if len(digits) != 4 and len(digits) != 5:
        return -1
    code = 0
    for character in digits:
        if "0" <= character <= "9":
            code = code * 16 + ord(character) - ord("0")
        elif "A" <= character <= "F":
            code = code * 16 + ord(character) - ord("A") + 10
        else:
            return -1
    return code if is_ideograph(code) else -1
