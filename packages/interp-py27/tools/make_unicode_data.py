"""Writes `unicode_5_2_0.dat`, the Unicode 5.2.0 character database that Python 2.7 exposes.

Run with CPython 2.7, whose `unicodedata` is the source of the facts:

    python2.7 tools/make_unicode_data.py src/ouro/interp_py27/unicode_database/unicode_5_2_0.dat

The file is one zlib stream.  It begins with lines `SECTION LENGTH`, ended by an empty line; the sections follow.
Properties of code points are in two-stage tables: `NAME.pages` holds, for every 128 code points, the number of a
page (two bytes, little endian), and `NAME.values` the pages, two bytes for each code point.
"""
from __future__ import print_function  # noqa: UP010 - run by Python 2.7

import struct
import sys
import unicodedata
import zlib

PAGE = 128
LAST = 0x110000
OLD = unicodedata.ucd_3_2_0

ALPHA, DECIMAL, DIGIT, NUMERIC, LOWER, UPPER, TITLE, SPACE, LINEBREAK = [1 << i for i in range(9)]


def two_stages(values):
    pages = {}
    index = []
    for start in range(0, len(values), PAGE):
        page = tuple(values[start:start + PAGE])
        index.append(pages.setdefault(page, len(pages)))
    flat = []
    for page in sorted(pages, key=pages.get):
        flat.extend(page)
    return pack("H", index), pack("H", flat)


def pack(code, numbers):
    return struct.pack("<%d%s" % (len(numbers), code), *numbers)


class Sections:
    def __init__(self):
        self.rows = []

    def add(self, name, data):
        self.rows.append((name, data))

    def add_table(self, name, values):
        pages, flat = two_stages(values)
        self.add(name + ".pages", pages)
        self.add(name + ".values", flat)

    def write(self, filename):
        header = "".join("%s %d\n" % (name, len(data)) for name, data in self.rows) + "\n"
        with open(filename, "wb") as output:
            output.write(zlib.compress(header + "".join(data for _, data in self.rows), 9))


class Numbering:
    """Numbers for values in order of appearance."""

    def __init__(self):
        self.numbers = {}
        self.values = []

    def number(self, value):
        if value not in self.numbers:
            self.numbers[value] = len(self.values)
            self.values.append(value)
        return self.numbers[value]


def characters():
    return [unichr(code) for code in range(LAST)]  # noqa: F821 - Python 2.7


def properties(database, words, records):
    """The number of the record of each code point: category, bidirectional, combining, width, mirrored."""
    result = []
    for character in ALL:
        result.append(records.number((
            words.number(database.category(character)), words.number(database.bidirectional(character)),
            database.combining(character), words.number(database.east_asian_width(character)),
            database.mirrored(character))))
    return result


def type_flags(character):
    tests = ((ALPHA, character.isalpha()), (DECIMAL, character.isdecimal()), (DIGIT, character.isdigit()),
             (NUMERIC, character.isnumeric()), (LOWER, character.islower()), (UPPER, character.isupper()),
             (TITLE, character.istitle() and not character.isupper()), (SPACE, character.isspace()),
             (LINEBREAK, len((character + "x").splitlines()) > 1))
    return sum(flag for flag, holds in tests if holds)


def character_types(types):
    result = []
    for code, character in enumerate(ALL):
        result.append(types.number((
            type_flags(character), ord(character.upper()) - code, ord(character.lower()) - code,
            ord(character.title()) - code, unicodedata.decimal(character, -1), unicodedata.digit(character, -1))))
    return result


def decomposition_text(text):
    """A decomposition as its tag, a colon, and UTF-8."""
    parts = text.split()
    tag = parts.pop(0).strip("<>") if parts[0].startswith("<") else ""
    return tag + ":" + "".join(unichr(int(part, 16)) for part in parts).encode("utf-8")  # noqa: F821 - Python 2.7


def add_strings(sections, name, strings):
    """Strings one after the other, and their ends."""
    ends = []
    end = 0
    for text in strings:
        end += len(text)
        ends.append(end)
    sections.add(name + ".ends", pack("I", ends))
    sections.add(name + ".text", "".join(strings))


def add_decompositions(sections):
    decompositions = Numbering()
    decompositions.number("")
    values = []
    for character in ALL:
        text = unicodedata.decomposition(character)
        values.append(decompositions.number(decomposition_text(text) if text else ""))
    sections.add_table("decomposition", values)
    # Normalization in 3.2.0 differs for a few characters whose decomposition was corrected later.
    corrected = []
    for code, character in enumerate(ALL):
        if OLD.category(character) != "Cn" and not (0xAC00 <= code < 0xD7A4):
            new = unicodedata.normalize("NFD", character)
            old = OLD.normalize("NFD", character)
            if new != old:
                corrected += [code, decompositions.number(":" + old.encode("utf-8"))]
    sections.add("old_correction", pack("I", corrected))
    add_strings(sections, "decompositions", decompositions.values)


def add_compositions(sections):
    triples = []
    for code, character in enumerate(ALL):
        text = unicodedata.decomposition(character)
        if not text or text.startswith("<") or " " not in text:
            continue
        first, second = [int(part, 16) for part in text.split()]
        if unicodedata.normalize("NFC", unichr(first) + unichr(second)) == character:  # noqa: F821 - Python 2.7
            triples += [first, second, code]
    sections.add("composition", pack("I", triples))


def add_numbers(sections):
    codes = []
    values = []
    for code, character in enumerate(ALL):
        value = unicodedata.numeric(character, None)
        if value is not None:
            codes.append(code)
            values.append(value)
    sections.add("numeric.codes", pack("I", codes))
    sections.add("numeric.values", pack("d", values))
    changed = []
    for code, character in enumerate(ALL):
        if OLD.category(character) != "Cn":
            old = (OLD.decimal(character, -1), OLD.numeric(character, -1.0))
            new = (unicodedata.decimal(character, -1), unicodedata.numeric(character, -1.0))
            if old != new:
                changed.append((code,) + old)
    sections.add("old_number", "".join(struct.pack("<Iid", *row) for row in changed))


def is_generated(name):
    return name.startswith("CJK UNIFIED IDEOGRAPH-") or name.startswith("HANGUL SYLLABLE ")


def add_names(sections):
    """Names are sequences of word numbers: those below 0x8000 in two bytes, the others do not occur."""
    names = [(code, unicodedata.name(character, "")) for code, character in enumerate(ALL)]
    names = [(code, name) for code, name in names if name and not is_generated(name)]
    counts = {}
    for _, name in names:
        for word in name.split(" "):
            counts[word] = counts.get(word, 0) + 1
    words = sorted(counts, key=lambda word: (-counts[word], word))
    numbers = {}
    for number, word in enumerate(words):
        # Common words take one byte, 0 to 127; others two, the first with its high bit set.
        numbers[word] = chr(number) if number < 128 else chr(0x80 | number >> 8) + chr(number & 255)
    assert len(words) < 0x8000
    index = [0] * LAST
    encoded = [""]
    for code, name in names:
        index[code] = len(encoded)
        encoded.append("".join(numbers[word] for word in name.split(" ")))
    sections.add_table("name", index)
    add_strings(sections, "names", encoded)
    add_strings(sections, "words", words)
    sections.add("codes_by_name", pack("I", [code for code, _ in sorted(names, key=lambda row: row[1])]))


ALL = characters()


def main(filename):
    sections = Sections()
    words = Numbering()
    records = Numbering()
    new = properties(unicodedata, words, records)
    old = properties(OLD, words, records)
    sections.add_table("record", new)
    sections.add_table("old_record", old)
    sections.add("records", pack("B", [number for record in records.values for number in record]))
    sections.add("property_words", "\n".join(words.values))
    types = Numbering()
    sections.add_table("type", character_types(types))
    sections.add("types", pack("i", [number for row in types.values for number in row]))
    add_numbers(sections)
    add_decompositions(sections)
    add_compositions(sections)
    add_names(sections)
    sections.write(filename)
    for name, data in sections.rows:
        print(name, len(data))


if __name__ == "__main__":
    main(sys.argv[1])
