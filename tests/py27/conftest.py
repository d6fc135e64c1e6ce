"""The translated Python 2.7 and the CPython 2.7.18 that it is compared with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from ouro.interp_py27.testing import find_cpython27

TARGET = Path(__file__).parents[2] / "packages" / "interp-py27" / "target.py"


def pytest_collection_modifyitems(config, items):
    """OURO27_PART, "NUMBER/COUNT", takes every COUNT-th of the tests in this folder."""
    part = os.environ.get("OURO27_PART")
    if not part:
        return
    number, count = (int(word) for word in part.split("/"))
    folder = Path(__file__).parent
    own = [item for item in items if folder in item.path.parents]
    dropped = set(own) - set(own[number::count])
    items[:] = [item for item in items if item not in dropped]
    config.hook.pytest_deselected(items=list(dropped))


@pytest.fixture(scope="session")
def cpython27():
    return find_cpython27()


@pytest.fixture(scope="session")
def ouro27(tmp_path_factory):
    """The path of the executable, as `ouro translate` makes it; one translation for all workers of a run.

    The environment variable OURO27 names one that is there already, to test it alone.
    """
    if os.environ.get("OURO27"):
        return os.environ["OURO27"]
    folder = tmp_path_factory.getbasetemp()
    if folder.name.startswith("popen-"):  # pytest-xdist gives each worker a folder in that of the run
        folder = folder.parent
    executable = folder / "ouro27"
    with FileLock(str(folder / "ouro27.lock")):
        if not executable.exists():
            command = [sys.executable, "-m", "ouro.translator", "translate", str(TARGET), "--output", str(executable)]
            subprocess.run(command, check=True, timeout=1800)
    return str(executable)
