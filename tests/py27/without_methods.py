# Runs test.regrtest (in Python 2.7) without the test methods and doctests named first:
# "module.Class.method,module.__test__.name,..." ARGUMENTS...
import sys
import unittest

from test import regrtest, test_support

excluded = set(sys.argv.pop(1).split(","))
run = unittest.TestCase.run


def run_unless_excluded(self, result=None):
    if self.id().split(".", 1)[1] in excluded and result is not None:
        result.startTest(self)
        result.addSkip(self, "about CPython alone")
        result.stopTest(self)
        return
    return run(self, result)


unittest.TestCase.run = unittest.TestCase.__call__ = run_unless_excluded

run_doctest = test_support.run_doctest


def run_doctest_unless_excluded(module, verbosity=None):
    tests = getattr(module, "__test__", {})
    for name in list(tests):
        if "%s.__test__.%s" % (module.__name__.split(".")[-1], name) in excluded:
            del tests[name]
    return run_doctest(module, verbosity)


test_support.run_doctest = run_doctest_unless_excluded

sys.argv[0] = "regrtest"
regrtest.main()
