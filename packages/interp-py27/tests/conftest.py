"""Shared by all tests: where CPython 2.7 is."""

import pytest
from ouro.interp_py27.testing import find_cpython27


@pytest.fixture(scope="session")
def cpython27():
    return find_cpython27()
