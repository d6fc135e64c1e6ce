"""Callbacks that use the host's codecs and character names."""

import unicodedata

from ouro.interp_py27.parser import Callbacks, DecodingProblem


class HostCallbacks(Callbacks):
    def __init__(self):
        self.warnings = []
        self.files_with_tabs = []

    def warn(self, category, message, filename, lineno):
        self.warnings.append((category, message, lineno))

    def warn_about_tabs(self, filename):
        self.files_with_tabs.append(filename)

    def decode_source(self, source, encoding):
        try:
            return source.encode("latin-1").decode(encoding).encode("utf-8").decode("latin-1")
        except LookupError:
            raise DecodingProblem("unknown encoding: " + encoding) from None
        except UnicodeDecodeError as error:
            raise DecodingProblem(str(error)) from None

    def encode(self, utf8, encoding):
        return utf8.encode("latin-1").decode("utf-8").encode(encoding).decode("latin-1")

    def has_unicode_names(self):
        return True

    def unicode_name(self, name):
        try:
            return ord(unicodedata.lookup(name))
        except KeyError:
            return -1
