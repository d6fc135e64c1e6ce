"""The C compiler that CC names, as a command that works in any folder."""

import os

import pytest
from ouro.rlib.c_compiler import compiler_words


@pytest.fixture
def compiler(tmp_path, monkeypatch):
    path = tmp_path / "mygcc"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return str(path)


def test_a_path_from_the_current_folder_becomes_absolute(compiler):
    assert compiler_words("./mygcc -m32") == [compiler, "-m32"]
    assert compiler_words("env ./mygcc -I./include") == ["env", compiler, "-I./include"]


def test_a_folder_of_the_search_path_may_be_one_from_the_current_folder(compiler, monkeypatch):
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert compiler_words("mygcc") == [compiler]


def test_a_name_stays_a_name():
    assert compiler_words("env") == ["env"]
    assert compiler_words("./missing") is None
