"""Python 2.7: print a digest of each property of all characters of some planes; ours are compared with them."""
from __future__ import print_function  # noqa: UP010 - run by Python 2.7

import hashlib
import sys
import unicodedata

PLANES = (0, 1, 2, 14, 16)


def digests(function):
    result = []
    for plane in PLANES:
        text = "\n".join(function(code) for code in range(plane << 16, (plane + 1) << 16))
        result.append(hashlib.md5(text.encode("ascii")).hexdigest()[:8])
    return " ".join(result)


def codes(text):
    return ",".join("%x" % ord(character) for character in text)


def database_properties(prefix, database):
    yield prefix + "category", lambda code: database.category(unichr(code))  # noqa: F821
    yield prefix + "bidirectional", lambda code: database.bidirectional(unichr(code))  # noqa: F821
    yield prefix + "combining", lambda code: str(database.combining(unichr(code)))  # noqa: F821
    yield prefix + "east_asian_width", lambda code: database.east_asian_width(unichr(code))  # noqa: F821
    yield prefix + "mirrored", lambda code: str(database.mirrored(unichr(code)))  # noqa: F821
    yield prefix + "decimal", lambda code: str(database.decimal(unichr(code), -1))  # noqa: F821
    yield prefix + "digit", lambda code: str(database.digit(unichr(code), -1))  # noqa: F821
    yield prefix + "numeric", lambda code: repr(database.numeric(unichr(code), -1.0))  # noqa: F821
    yield prefix + "decomposition", lambda code: database.decomposition(unichr(code))  # noqa: F821
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        yield prefix + form, lambda code, form=form: codes(database.normalize(form, unichr(code)))  # noqa: F821


def type_properties():
    for name in ("isalpha", "isalnum", "isdecimal", "isdigit", "isnumeric", "islower", "isupper", "isspace"):
        yield name, lambda code, name=name: str(int(getattr(unichr(code), name)()))  # noqa: F821
    for name in ("upper", "lower", "title"):
        yield name, lambda code, name=name: codes(getattr(unichr(code), name)())  # noqa: F821
    yield "name", lambda code: unicodedata.name(unichr(code), "")  # noqa: F821


if __name__ == "__main__":
    for properties in (type_properties(), database_properties("", unicodedata),
                       database_properties("old_", unicodedata.ucd_3_2_0)):
        for name, function in properties:
            print(name, digests(function))
            sys.stdout.flush()
