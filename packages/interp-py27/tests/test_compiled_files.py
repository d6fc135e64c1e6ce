"""Compiled files: written beside the source, read instead of it, and shared with CPython 2.7 in both directions."""

import os
import subprocess
import sys

import pytest

SOURCE = '''"""A module."""
def function(text, *rest, **keywords):
    def inner():
        return text.upper().join(part.strip() for part in rest)
    return inner()

class Class(object):
    number = 2 ** 70
    text = u"\\u1234"
    def method(self):
        return [self.number, self.text, 1.5, 3j, None, (1, 2)]

print function("a", " b ", "c"), Class().method()
'''
OUTPUT = "bAc [1180591620717411303424L, u'\\u1234', 1.5, 3j, None, (1, 2)]\n"
OURS = [sys.executable, "-m", "ouro.interp_py27", "-S"]


def run(command, program, folder, **variables):
    environment = dict(os.environ, **variables)
    environment.setdefault("PYTHONDONTWRITEBYTECODE", "")
    if not environment["PYTHONDONTWRITEBYTECODE"]:
        del environment["PYTHONDONTWRITEBYTECODE"]
    completed = subprocess.run(command + ["-c", program], cwd=folder, capture_output=True, timeout=120, env=environment)
    assert completed.returncode == 0, completed.stderr.decode()
    return completed.stdout.decode()


@pytest.fixture
def theirs(cpython27):
    return [cpython27, "-S"]


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "shared_module.py"
    path.write_text(SOURCE)
    return path


@pytest.mark.parametrize("we_write, we_read", [(True, True), (True, False), (False, True)])
def test_a_compiled_file_of_one_interpreter_runs_in_the_other(module, theirs, we_write, we_read):
    writer = OURS if we_write else theirs
    reader = OURS if we_read else theirs
    assert run(writer, "import shared_module", module.parent, PYTHONDONTWRITEBYTECODE="") == OUTPUT
    assert module.with_suffix(".pyc").exists()
    module.unlink()
    assert run(reader, "import shared_module", module.parent) == OUTPUT


def test_no_compiled_file_is_written_where_that_is_unwanted(module):
    assert run(OURS, "import shared_module", module.parent, PYTHONDONTWRITEBYTECODE="1") == OUTPUT
    assert os.listdir(module.parent) == ["shared_module.py"]


def test_a_compiled_file_of_another_time_is_not_read(module, theirs):
    run(OURS, "import shared_module", module.parent, PYTHONDONTWRITEBYTECODE="")
    module.write_text("print 'changed'\n")
    os.utime(module, (1, 1))
    assert run(OURS, "import shared_module", module.parent, PYTHONDONTWRITEBYTECODE="") == "changed\n"
    assert run(theirs, "import shared_module", module.parent) == "changed\n"


def test_code_from_a_compiled_file_knows_where_its_source_is_now(module, tmp_path):
    run(OURS, "import shared_module", module.parent, PYTHONDONTWRITEBYTECODE="")
    folder = tmp_path / "moved"
    folder.mkdir()
    for name in ["shared_module.py", "shared_module.pyc"]:
        os.rename(tmp_path / name, folder / name)
    program = ("import sys; sys.path.insert(0, 'moved'); import shared_module; "
               "print shared_module.function.func_code.co_filename")
    assert run(OURS, program, tmp_path) == OUTPUT + "moved/shared_module.py\n"
