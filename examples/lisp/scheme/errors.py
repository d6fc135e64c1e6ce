"""The one exception that Scheme programs end with, and the places it points at."""


class Place:
    """A position in a source file; *line* and *column* count from 1."""

    _immutable_fields_ = ["filename", "line", "column"]

    def __init__(self, filename, line, column):
        self.filename = filename
        self.line = line
        self.column = column

    def describe(self):
        return "%s:%d:%d" % (self.filename, self.line, self.column)


class SchemeError(Exception):
    """Something is wrong with the program being read or run.

    *place* is None until the innermost expression that knows its own place adds it.
    """

    def __init__(self, message, place=None):
        self.message = message
        self.place = place

    def describe(self):
        place = self.place
        if place is None:
            return self.message
        return place.describe() + ": " + self.message


class IncompleteInput(SchemeError):
    """The text ends inside a datum: a REPL reads another line, a file is in error."""


class SchemeExit(Exception):
    """The program called ``(exit)``."""

    def __init__(self, status):
        self.status = status
