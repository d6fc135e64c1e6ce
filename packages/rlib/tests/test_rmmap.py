"""Pages of the system are mapped, protected and given back."""

import errno

import pytest
from ouro.rlib import rmmap
from ouro.rlib.rffi import cast_ptr_to_int


def _permissions(memory):
    address = cast_ptr_to_int(memory)
    with open("/proc/self/maps") as maps:
        for line in maps:
            begin, end = (int(item, 16) for item in line.split()[0].split("-"))
            if begin <= address < end:
                return line.split()[1]
    return None


def test_pages_are_zero_private_and_keep_what_is_written():
    size = 2 * rmmap.page_size()
    memory = rmmap.map_anonymous(size, rmmap.PROT_READ | rmmap.PROT_WRITE)
    assert cast_ptr_to_int(memory) % rmmap.page_size() == 0
    assert memory[0] == memory[size - 1] == "\x00"
    memory[size - 1] = "x"
    assert memory[size - 1] == "x"
    assert _permissions(memory) == "rw-p"
    rmmap.unmap(memory, size)


def test_protection_changes():
    size = rmmap.page_size()
    memory = rmmap.map_anonymous(size, rmmap.PROT_NONE)
    seen = []
    for protection in (rmmap.PROT_READ, rmmap.PROT_READ | rmmap.PROT_EXEC, rmmap.PROT_NONE):
        rmmap.protect(memory, size, protection)
        seen.append(_permissions(memory))
    assert seen == ["r--p", "r-xp", "---p"]
    rmmap.unmap(memory, size)


def test_what_the_system_refuses_is_an_oserror():
    with pytest.raises(OSError) as caught:
        rmmap.map_anonymous(0, rmmap.PROT_READ)
    assert caught.value.errno == errno.EINVAL
    with pytest.raises(OSError) as caught:
        rmmap.map_anonymous(1 << 62, rmmap.PROT_READ)
    assert caught.value.errno == errno.ENOMEM
    memory = rmmap.map_anonymous(rmmap.page_size(), rmmap.PROT_READ)
    rmmap.unmap(memory, rmmap.page_size())
    with pytest.raises(OSError) as caught:
        rmmap.protect(memory, rmmap.page_size(), rmmap.PROT_READ)
    assert caught.value.errno == errno.ENOMEM
