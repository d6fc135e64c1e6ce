"""Mapped memory is the file's, can be searched in place, and fails with errno."""

import errno
import mmap
import os

import pytest
from ouro.rlib import rmapping

BOTH = mmap.PROT_READ | mmap.PROT_WRITE
ANONYMOUS = mmap.MAP_ANONYMOUS | mmap.MAP_SHARED


@pytest.fixture
def anonymous():
    mapping = rmapping.map_memory(-1, 20, BOTH, ANONYMOUS, 0)
    yield mapping
    mapping.close()


def test_changes_reach_the_file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"hello world")
    fd = os.open(path, os.O_RDWR)
    try:
        mapping = rmapping.map_memory(fd, 11, BOTH, mmap.MAP_SHARED, 0)
    finally:
        os.close(fd)
    assert mapping.text(0, 11) == "hello world"
    mapping.set(0, "J")
    mapping.store(6, "\xff\x00x")
    mapping.flush(0, 11)
    mapping.close()
    assert path.read_bytes() == b"Jello \xff\x00xld"


def test_closing_twice_is_harmless(anonymous):
    assert anonymous.is_open()
    anonymous.close()
    assert not anonymous.is_open()
    anonymous.close()


def test_searches_agree_with_strings(anonymous):
    text = "aab\x00aab\x00ba\n\x00abab"
    anonymous.store(0, text)
    for start in range(len(text) + 1):
        for stop in range(start, len(text) + 1):
            for wanted in ("", "a", "ab", "b\x00", "aab\x00", "zz"):
                assert anonymous.find(wanted, start, stop) == text.find(wanted, start, stop)
                assert anonymous.rfind(wanted, start, stop) == text.rfind(wanted, start, stop)
            assert anonymous.find_character("\n", start, stop) == text.find("\n", start, stop)


def test_overlapping_moves(anonymous):
    anonymous.store(0, "0123456789")
    anonymous.move(2, 0, 5)
    assert anonymous.text(0, 10) == "0101234789"
    anonymous.move(0, 4, 5)
    assert anonymous.text(0, 10) == "2347834789"


def test_resizing_keeps_the_contents():
    page = mmap.PAGESIZE
    mapping = rmapping.map_memory(-1, page, BOTH, mmap.MAP_ANONYMOUS | mmap.MAP_PRIVATE, 0)
    mapping.store(0, "kept")
    mapping.resize(50 * page)
    assert mapping.size == 50 * page
    mapping.set(50 * page - 1, "x")
    assert mapping.text(0, 5) == "kept\x00"
    with pytest.raises(OSError) as caught:
        mapping.resize(0)
    assert caught.value.errno == errno.EINVAL
    assert mapping.get(50 * page - 1) == "x"
    mapping.close()


def test_errors_have_their_numbers(anonymous):
    with pytest.raises(OSError) as caught:
        rmapping.map_memory(-1, 10, BOTH, mmap.MAP_SHARED, 0)
    assert caught.value.errno == errno.EBADF
    with pytest.raises(OSError) as caught:
        anonymous.flush(1, 2)
    assert caught.value.errno == errno.EINVAL
