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
test_time test_threading test_weakset test_pkgutil test_imp test_import test_warnings test_cpickle test_pickletools
test_copy_reg test_gc test_zipimport
""".split()

#: Methods and doctests that test CPython itself and not Python, each with the reason.
AT_ONCE = "wants a dead object to be gone at once: reference counts"
CACHED_CLASS = "wants a class to be gone: the inline caches of the code that used it still know it"
COUNTS = "counts the objects that CPython's collector of cycles finds or keeps, or how it is scheduled"
REFERENCES = "asks for the number of references to an object"
C_API = "calls the C interface of CPython"
SAME_ADDRESS = "wants a new tuple to have the address of one just freed: reference counts"
ONCE = "wants __del__ to be called again for an object that it brought back"
SET_ORDER = "knows the order in which CPython pops items from a set"
C_SIZES = "compares with the sizes of CPython's C structures"
ABOUT_CPYTHON = {
    "test_os": {"FileTests.test_rename": REFERENCES},
    "test_str": dict.fromkeys(["StrTest.test_formatting_c_limits", "StrTest.test_formatting_huge_precision"], C_API),
    "test_unicode": dict.fromkeys([
        "CAPITest.test_encode_decimal", "CAPITest.test_encode_decimal_with_surrogates",
        "UnicodeTest.test_formatting_c_limits", "UnicodeTest.test_formatting_huge_precision_c_limits",
    ], C_API),
    "test_dict": {
        "DictTest.test_oob_indexing_dictiter_iternextitem": AT_ONCE,
    },
    "test_set": dict.fromkeys([
        "TestSet.test_weakref", "TestSetSubclass.test_weakref", "TestSetSubclassWithKeywordArgs.test_weakref",
    ], AT_ONCE),
    "test_iter": {"TestCase.test_ref_counting_behavior": AT_ONCE},
    "test_class": {"ClassTests.testDelItem": C_API},
    "test_descr": {
        "ClassPropertiesAndMethods.test_subtype_resurrection": ONCE,
    },
    "test_itertools": {
        **dict.fromkeys([
            "TestBasicOps.test_combinations_tuple_reuse", "TestBasicOps.test_combinations_with_replacement_tuple_reuse",
            "TestBasicOps.test_izip_longest_tuple_reuse", "TestBasicOps.test_izip_tuple_reuse",
            "TestBasicOps.test_permutations_tuple_reuse", "TestBasicOps.test_product_tuple_reuse",
        ], SAME_ADDRESS),
        "TestBasicOps.test_tee": AT_ONCE,
    },
    "test_functools": dict.fromkeys([
        "TestPartial.test_weakref", "TestPartialSubclass.test_weakref", "TestPythonPartial.test_weakref",
    ], AT_ONCE),
    "test_collections": {"TestCollectionABCs.test_issue_4920": SET_ORDER},
    "test_deque": {"TestBasic.test_sizeof": C_SIZES, "TestSubclass.test_weakref": AT_ONCE},
    "test_struct": {"StructTest.test__sizeof__": C_SIZES},
    "test_array": {
        **dict.fromkeys([f"{name}Test.test_weakref" for name in (
            "Byte Character Double Float Int Long Short Unicode UnsignedByte UnsignedInt UnsignedLong UnsignedShort"
        ).split()], AT_ONCE),
        **dict.fromkeys([f"{name}Test.test_sizeof_{how}_buffer" for how in ("with", "without") for name in (
            "UnsignedByte UnsignedInt UnsignedLong UnsignedShort"
        ).split()], C_SIZES),
    },
    "test_copy": dict.fromkeys([
        "TestCopy.test_copy_weakkeydict", "TestCopy.test_copy_weakvaluedict", "TestCopy.test_deepcopy_weakkeydict",
        "TestCopy.test_deepcopy_weakvaluedict",
    ], AT_ONCE),
    "test_sort": {"TestDecorateSortUndecorate.test_key_with_mutating_del": AT_ONCE},
    "test_enumerate": dict.fromkeys([f"{name}.test_tuple_reuse" for name in (
        "EnumerateStartTestCase EnumerateTestCase SubclassTestCase TestBig TestLongStart TestStart"
    ).split()], SAME_ADDRESS),
    "test_threading": {"ThreadTests.test_no_refcycle_through_target": AT_ONCE},
    "test_scope": {"ScopeTests.testLeaks": AT_ONCE},
    "test_exceptions": {
        "ExceptionTests.testSettingException": C_API,
        "TestSameStrAndUnicodeMsg.test_exception_with_doc": C_API,
        "TestSameStrAndUnicodeMsg.test_unraisable": AT_ONCE,
    },
    "test_generators": {
        # and those that start these generators, which would print whenever the collector finds them
        **dict.fromkeys([f"__test__.coroutine[{number}]" for number in (58, 59, 63, 64, 67, 68, 77, 79)], AT_ONCE),
        "__test__.refleaks[8]": AT_ONCE,
    },
    "test_genexps": {"__test__.doctests[39]": SAME_ADDRESS},
    "test_weakref": {
        "ReferencesTestCase.test_basic_callback": AT_ONCE,
        "ReferencesTestCase.test_callback_in_cycle_resurrection": CACHED_CLASS,
        "ReferencesTestCase.test_getweakrefcount": AT_ONCE,
        "ReferencesTestCase.test_getweakrefs": AT_ONCE,
        "ReferencesTestCase.test_multiple_callbacks": AT_ONCE,
        "ReferencesTestCase.test_proxy_ref": AT_ONCE,
        "ReferencesTestCase.test_ref_reuse": AT_ONCE,
        "MappingTestCase.test_weak_keyed_cascading_deletes": AT_ONCE,
        "MappingTestCase.test_weak_keys": AT_ONCE,
        "MappingTestCase.test_weak_keys_destroy_while_iterating": AT_ONCE,
        "MappingTestCase.test_weak_values": AT_ONCE,
        "MappingTestCase.test_weak_values_destroy_while_iterating": AT_ONCE,
        "__test__.libreftest": AT_ONCE,
        "SubclassableWeakrefTestCase.test_subclass_refs": AT_ONCE,
        "SubclassableWeakrefTestCase.test_subclass_refs_dont_replace_standard_refs": AT_ONCE,
    },
    "test_weakset": {
        "TestWeakSet.test_add": AT_ONCE,
        "TestWeakSet.test_contains": AT_ONCE,
        "TestWeakSet.test_len": AT_ONCE,
    },
    "test_gc": dict.fromkeys([
        "GCTests.test_boom", "GCTests.test_boom2", "GCTests.test_boom2_new", "GCTests.test_boom_new",
        "GCTests.test_class", "GCTests.test_collect_generations", "GCTests.test_dict", "GCTests.test_finalizer",
        "GCTests.test_finalizer_newclass", "GCTests.test_frame", "GCTests.test_function", "GCTests.test_get_count",
        "GCTests.test_instance", "GCTests.test_list", "GCTests.test_method", "GCTests.test_newinstance",
        "GCTests.test_newstyleclass", "GCTests.test_saveall", "GCTests.test_trashcan_threads", "GCTests.test_tuple",
        "GCTogglingTests.test_bug1055820c", "GCTogglingTests.test_bug1055820d",
    ], COUNTS),
}

WITHOUT_METHODS = str(Path(__file__).parent / "without_methods.py")


@pytest.mark.parametrize("module", MODULES)
def test_module_of_cpython_passes(module, ouro27, tmp_path):
    methods = ABOUT_CPYTHON.get(module, {})
    if methods:
        command = [ouro27, WITHOUT_METHODS, ",".join(f"{module}.{name}" for name in methods), "-v", module]
    else:
        command = [ouro27, "-m", "test.regrtest", "-v", module]
    # test_import looks for the byte code files of modules that it writes.
    result = run(command, tmp_path, timeout=900, PYTHONDONTWRITEBYTECODE="")
    output = result.stdout.decode(errors="replace") + result.stderr.decode(errors="replace")
    assert result.returncode == 0, output[-6000:]
    assert "1 test OK." in output, output[-2000:]
