"""A small Scheme: closures, proper tail calls, integers of any size, one clear error for each mistake.

``lisp FILE`` runs a program, ``lisp`` alone reads expressions from the terminal.
``docs/guide/scheme.md`` walks through it.
"""

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


def evaluate(analyzer, datum):
    try:
        return run(analyzer.toplevel(datum), None)
    except RecursionError:
        raise SchemeError("the calls are nested too deeply") from None
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
        evaluate(analyzer, datum)


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
        write_all(2, "lisp: cannot read %s (%s)\n" % (path, os.strerror(error.errno)))
        return 1
    try:
        run_text(new_analyzer(), text, path)
    except SchemeError as error:
        write_all(2, "lisp: " + error.describe() + "\n")
        return 1
    return 0


def read_line():
    """A line of the terminal with its line end; empty at the end of the input."""
    parts = []
    while True:
        data = os.read(0, 1)
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
                value = evaluate(analyzer, datum)
                if value is not UNSPECIFIED:
                    write_all(1, written(value) + "\n")
        except IncompleteInput:
            continue
        except SchemeError as error:
            write_all(1, "error: " + error.describe() + "\n")
        text = ""


def entry_point(argv):
    try:
        argv = jit.take_user_parameters(argv)
    except jit.BadParameter as error:
        write_all(2, "lisp: --jit: " + error.message + "\n")
        return 2
    if argv is None:
        write_all(1, jit.parameters_help())
        return 0
    try:
        if len(argv) == 1:
            return interact()
        if len(argv) == 2:
            return run_file(argv[1])
    except SchemeExit as leaving:
        return leaving.status
    write_all(2, "usage: lisp [--jit PARAMETERS] [FILE]\n")
    return 2


def target(driver, args):
    return entry_point
