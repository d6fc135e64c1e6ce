"""Generated programs print the same on the translated interpreter as on CPython 2.7.18."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from python27 import run
from python27_generator import programs

MEMORY = 2 << 30
MARK = "---- program"
#: Runs the programs of a file one after the other, each with a namespace of its own.
DRIVER = """
import sys, traceback
for source in open(sys.argv[1]).read().split(%r)[1:]:
    print %r
    try:
        exec compile(source, "program", "exec") in {"__name__": "program"}
    except Exception as error:
        print "ended by", type(error).__name__, error
    sys.exc_clear()
    sys.stdout.flush()
""" % (MARK, MARK)


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    path = tmp_path_factory.mktemp("generated") / "driver.py"
    path.write_text(DRIVER)
    return path


# Without shrinking: each run of a program costs two processes, and the differing lines say enough.
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(sources=st.lists(programs(), min_size=1, max_size=20))
def test_generated_programs_print_the_same(sources, driver, ouro27, cpython27):
    path = driver.with_name("programs.txt")
    path.write_text("".join(MARK + "\n# coding: latin-1\n" + source for source in sources))
    expected = run([cpython27, "-S", str(driver), str(path)], memory=MEMORY)
    actual = run([ouro27, "-S", str(driver), str(path)], memory=MEMORY, OUROGC_NURSERY="16384")
    assert actual.stdout.decode("latin-1") == expected.stdout.decode("latin-1")
    assert (actual.stderr, actual.returncode) == (expected.stderr, expected.returncode)
