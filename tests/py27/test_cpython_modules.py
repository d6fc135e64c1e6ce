"""The test modules of CPython 2.7.18 pass on the translated interpreter."""

from pathlib import Path

import pytest
from python27 import run

MODULES = """
test_grammar test_opcodes test_builtin test_types test_int test_long test_float test_bool test_complex test_str
test_unicode test_string test_tuple test_list test_dict test_set test_slice test_xrange test_iter test_generators
test_genexps test_scope test_with test_decorators test_exceptions test_class test_descr test_isinstance test_richcmp
test_compare test_augassign test_unpack test_call test_extcall test_funcattrs test_operator test_itertools
test_functools test_collections test_defaultdict test_deque test_re test_struct test_array test_math test_random
test_json test_copy test_pickle test_heapq test_bisect test_textwrap test_hash test_sort test_enumerate test_pkg
test_marshal test_StringIO test_unittest test_syntax test_compile test_long_future test_future test_weakref test_os
test_time test_threading
""".split()

#: Methods that test CPython itself and not Python, each with the reason.
ABOUT_CPYTHON = {}

WITHOUT_METHODS = str(Path(__file__).parent / "without_methods.py")


@pytest.mark.parametrize("module", MODULES)
def test_module_of_cpython_passes(module, ouro27, tmp_path):
    methods = ABOUT_CPYTHON.get(module, {})
    if methods:
        command = [ouro27, WITHOUT_METHODS, ",".join(f"{module}.{name}" for name in methods), "-v", module]
    else:
        command = [ouro27, "-m", "test.regrtest", "-v", module]
    result = run(command, tmp_path, timeout=900)
    output = result.stdout.decode(errors="replace") + result.stderr.decode(errors="replace")
    assert result.returncode == 0, output[-6000:]
    assert "1 test OK." in output, output[-2000:]
