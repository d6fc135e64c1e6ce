"""A small Scheme: closures, proper tail calls, integers of any size, one clear error for each mistake.

``lisp FILE`` runs a program, ``lisp`` alone reads expressions from the terminal.
``docs/guide/scheme.md`` walks through it.
"""

import errno
import os

from ouro.rlib import jit
from scheme.analyzer import Analyzer, Globals
from scheme.errors import IncompleteInput, SchemeError, SchemeExit
from scheme.nodes import run
from scheme.primitives import define_primitives, write_all
from scheme.reader import Reader
from scheme.values import UNSPECIFIED, written


def new_analyzer():
    variables = Globals()
    define_primitives(variables)
    return Analyzer(variables)


NO_MEMORY = SchemeError("there is no memory left")


def tell(text):
    """Write to the user; where nobody can hear it, the exit status has to do."""
    try:
        write_all(2, text)
    except OSError:
        pass


def evaluate(analyzer, datum, place):
    try:
        return run(analyzer.toplevel(datum, place), None)
    except RecursionError:
        raise SchemeError("the calls are nested too deeply") from None
    except MemoryError:
        raise NO_MEMORY from None


def text_of(value):
    try:
        return written(value)
    except RecursionError:
        raise SchemeError("the value is nested too deeply to be written") from None
    except MemoryError:
        raise NO_MEMORY from None


def read_datum(reader):
    """The next datum of the text, None at its end."""
    try:
        return reader.read()
    except RecursionError:
        raise SchemeError("the parentheses are nested too deeply") from None
    except MemoryError:
        raise NO_MEMORY from None


def run_text(analyzer, text, filename):
    reader = Reader(text, filename)
    while True:
        datum = read_datum(reader)
        if datum is None:
            return
        evaluate(analyzer, datum, reader.datum_place)


def read_descriptor(descriptor):
    parts = []
    while True:
        data = os.read(descriptor, 65536)
        if len(data) == 0:
            return "".join(parts)
        parts.append(data.decode("latin-1"))


def run_file(path):
    try:
        descriptor = os.open(path, os.O_RDONLY, 0)
        try:
            text = read_descriptor(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        tell("lisp: cannot read %s (%s)\n" % (path, os.strerror(error.errno)))
        return 1
    try:
        run_text(new_analyzer(), text, path)
    except SchemeError as error:
        tell("lisp: " + error.describe() + "\n")
        return 1
    return 0


def read_line():
    """A line of the terminal with its line end; empty at the end of the input."""
    parts = []
    while True:
        try:
            data = os.read(0, 1)
        except OSError as error:
            tell("lisp: cannot read the input (%s)\n" % os.strerror(error.errno))
            raise SchemeExit(1) from None
        if len(data) == 0:
            break
        parts.append(data.decode("latin-1"))
        if data == b"\n":
            break
    return "".join(parts)


def interact():
    analyzer = new_analyzer()
    text = ""
    while True:
        write_all(1, "> " if text == "" else "... ")
        line = read_line()
        if line == "":
            write_all(1, "\n")
            return 0
        text += line
        try:
            reader = Reader(text, "<input>")
            while True:
                datum = read_datum(reader)
                if datum is None:
                    break
                value = evaluate(analyzer, datum, reader.datum_place)
                if value is not UNSPECIFIED:
                    write_all(1, text_of(value) + "\n")
        except IncompleteInput:
            continue
        except SchemeError as error:
            write_all(1, "error: " + error.describe() + "\n")
        text = ""


def entry_point(argv):
    try:
        argv = jit.take_user_parameters(argv)
    except jit.BadParameter as error:
        tell("lisp: --jit: " + error.message + "\n")
        return 2
    try:
        if argv is None:
            write_all(1, jit.parameters_help())
            return 0
        if len(argv) == 1:
            return interact()
        if len(argv) == 2:
            return run_file(argv[1])
    except SchemeExit as leaving:
        return leaving.status
    except MemoryError:  # there was not even memory to say so in the usual way
        tell("lisp: there is no memory left\n")
        return 1
    except OSError as error:
        if error.errno != errno.EPIPE:  # who closes the pipe has read enough
            tell("lisp: cannot write the output (%s)\n" % os.strerror(error.errno))
        return 1
    tell("usage: lisp [--jit PARAMETERS] [FILE]\n")
    return 2


def target(driver, args):
    return entry_point
