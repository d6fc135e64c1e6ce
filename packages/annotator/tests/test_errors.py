"""Error messages, one file for each kind of mistake.

A file holds RPython source with a function `wrong`, a line `----`, and the exact message. `OURO_BLESS=1 pytest ...`
rewrites
the messages.
"""

import io
import os
from pathlib import Path

import pytest
from ouro.annotator import AnnotatorError, annotate
from ouro.rlib.source import execute_source
from rich.console import Console

FILES = sorted((Path(__file__).parent / "errors").glob("*.txt"))
SEPARATOR = "----\n"


def error_of(source):
    namespace = execute_source(source, {"__name__": "__main__"}, "example")
    wrong = namespace["wrong"]
    with pytest.raises(AnnotatorError) as caught:
        annotate(wrong, [int])
    return caught.value, wrong.__code__.co_filename


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_messages_say_what_is_wrong_where_and_what_to_write_instead(path):
    source, _, expected = path.read_text().partition(SEPARATOR)
    error, filename = error_of(source)
    found = str(error).replace(filename, "example.py") + "\n"
    if os.environ.get("OURO_BLESS"):
        path.write_text(source + SEPARATOR + found)
    else:
        assert found == expected, "to accept the new message, run again with OURO_BLESS=1"


def test_every_message_names_a_place_in_the_program():
    for path in FILES:
        error, filename = error_of(path.read_text().partition(SEPARATOR)[0])
        assert filename in str(error), path.stem


def test_a_terminal_gets_colours_and_a_file_plain_text():
    error, _ = error_of(FILES[0].read_text().partition(SEPARATOR)[0])
    plain, coloured = io.StringIO(), io.StringIO()
    error.render(Console(file=plain))
    error.render(Console(file=coloured, force_terminal=True))
    assert plain.getvalue() == str(error) + "\n"
    assert "\x1b[" in coloured.getvalue()


def test_errors_in_several_places_are_reported_together():
    def first(n):
        return n + "x"

    def second(n):
        return [n].push(3)

    def wrong(n):
        if n:
            return first(n)
        return second(n)

    with pytest.raises(AnnotatorError) as caught:
        annotate(wrong, [int])
    assert "does not work on int and str" in str(caught.value)
    assert "no method `push`" in str(caught.value)
    with pytest.raises(AnnotatorError) as caught:
        annotate(wrong, [int], error_limit=1)
    assert caught.value.others == []
