"""Streams read and write as the host's files do."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import rfile, rposix

TEXT = st.text(alphabet="ab\n\r", max_size=60)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(-1, 12)),
        st.tuples(st.just("readline"), st.integers(-1, 12)),
        st.tuples(st.just("write"), TEXT),
        st.tuples(st.just("seek"), st.integers(0, 60)),
        st.tuples(st.just("tell"), st.just(0)),
        st.tuples(st.just("flush"), st.just(0)),
        st.tuples(st.just("truncate"), st.integers(0, 60)),
    ),
    max_size=20,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return str(tmp_path_factory.mktemp("rfile") / "file")


def write_file(path, text):
    with open(path, "wb") as file:
        file.write(text.encode("latin-1"))


def read_file(path):
    with open(path, "rb") as file:
        return file.read().decode("latin-1")


@given(TEXT, STEPS, st.sampled_from([0, 1, 5, 8192]))
def test_any_sequence_of_operations_agrees_with_a_model(path, text, steps, buffering):
    write_file(path, text)
    model = io.BytesIO(text.encode("latin-1"))
    stream = rfile.open_stream(path, "r+", buffering)
    for name, argument in steps:
        if name == "read":
            assert stream.read(argument) == model.read(argument).decode("latin-1")
        elif name == "readline":
            assert stream.readline(argument) == model.readline(argument).decode("latin-1")
        elif name == "write":
            stream.write(argument)
            model.write(argument.encode("latin-1"))
        elif name == "seek":
            stream.seek(argument)
            model.seek(argument)
        elif name == "tell":
            assert stream.tell() == model.tell()
        elif name == "flush":
            stream.flush()
            assert read_file(path) == model.getvalue().decode("latin-1")
        elif argument <= len(model.getvalue()):
            stream.truncate(argument)
            model.truncate(argument)
    stream.close()
    assert read_file(path) == model.getvalue().decode("latin-1")


@given(TEXT, st.lists(st.integers(-1, 5), max_size=30))
def test_universal_newlines_are_those_of_the_host(path, text, limits):
    write_file(path, text)
    stream = rfile.open_stream(path, "rU")
    with open(path, encoding="latin-1", newline=None) as model:
        for limit in limits:
            assert stream.readline(limit) == model.readline(limit)
            stream.seek(stream.tell())
        assert stream.read() == model.read()
    stream.close()


def test_newlines_seen_are_told(path):
    write_file(path, "a\rb\nc\r\n")
    stream = rfile.open_stream(path, "U")
    stream.read()
    stream.tell()
    assert stream.newlines == rfile.NEWLINE_CR | rfile.NEWLINE_LF | rfile.NEWLINE_CRLF
    stream.close()


def test_appending_writes_at_the_end(path):
    write_file(path, "abc")
    stream = rfile.open_stream(path, "a")
    assert stream.tell() == 3
    stream.seek(0)
    stream.write("d")
    stream.close()
    assert read_file(path) == "abcd"


def test_line_buffering_writes_at_each_newline():
    reader, writer = rposix.pipe()
    stream = rfile.fdopen(writer, "w", 1)
    stream.write("a")
    stream.write("b\nc")
    assert os.read(reader, 100) == b"ab\nc"
    stream.close()
    assert os.read(reader, 100) == b""
    os.close(reader)


def test_what_waits_can_be_written_without_knowing_the_stream(path):
    stream = rfile.open_stream(path, "w")
    stream.write("text")
    assert read_file(path) == ""
    rfile.flush_waiting()
    assert read_file(path) == "text"
    stream.close()


def test_a_read_goes_on_behind_what_the_buffer_has_left(path):
    write_file(path, "0123456789")
    stream = rfile.open_stream(path, "r", 4)
    assert [stream.read(3) for _ in range(5)] == ["012", "345", "678", "9", ""]
    stream.close()


def test_closed_streams_and_wrong_directions_are_errors(path):
    write_file(path, "abc")
    stream = rfile.open_stream(path, "r")
    with pytest.raises(OSError):
        stream.write("x")
    assert stream.read_some(2) == "ab"
    stream.close()
    stream.close()
    with pytest.raises(rfile.StreamClosedError):
        stream.read()
    stream = rfile.open_stream(path, "w")
    with pytest.raises(OSError):
        stream.read()
    stream.close()


@pytest.mark.parametrize("mode", ["", "x", "+r", "wU"])
def test_bad_modes_are_errors(path, mode):
    with pytest.raises(ValueError):
        rfile.open_stream(path, mode)


def test_a_failed_write_is_told_once():
    stream = rfile.fdopen(rposix.open("/dev/full", os.O_WRONLY), "w")
    stream.write("abc")
    with pytest.raises(OSError):
        stream.flush()
    stream.close()
    assert stream.is_closed()


def test_what_could_not_be_written_unasked_still_waits():
    stream = rfile.fdopen(rposix.open("/dev/full", os.O_WRONLY), "w")
    stream.write("abc")
    rfile.flush_waiting()
    with pytest.raises(OSError):
        stream.flush()
    stream.close()


def test_what_a_full_pipe_did_not_take_waits():
    reading, writing = rposix.pipe()
    os.set_blocking(writing, False)
    stream = rfile.fdopen(writing, "w")
    with pytest.raises(BlockingIOError):
        while True:
            stream.write("x" * 10000)
            stream.flush()
    taken = len(os.read(reading, 1 << 20))
    stream.flush()
    taken += len(os.read(reading, 1 << 20))
    stream.close()
    rposix.close(reading)
    assert taken % 10000 == 0


def test_a_line_that_cannot_be_written_is_lost():
    stream = rfile.fdopen(rposix.open("/dev/full", os.O_WRONLY), "w", 1)
    with pytest.raises(OSError):
        stream.write("abc\n")
    stream.close()
