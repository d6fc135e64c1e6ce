# Runs test.regrtest (in Python 2.7) without the test methods and doctests named first:
# "module.Class.method,module.__test__.name,module.__test__.name[number],..." ARGUMENTS...
# A number is that of one example of a doctest, from 0.
import doctest
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


def without_examples(name, text):
    lines = text.split("\n")
    for number, example in enumerate(doctest.DocTestParser().get_examples(text)):
        if "%s[%d]" % (name, number) in excluded:
            lines[example.lineno] += "  # doctest: +SKIP"
    return "\n".join(lines)


def run_doctest_unless_excluded(module, verbosity=None):
    tests = getattr(module, "__test__", {})
    for name in list(tests):
        whole_name = "%s.__test__.%s" % (module.__name__.split(".")[-1], name)
        if whole_name in excluded:
            del tests[name]
        elif isinstance(tests[name], str):
            tests[name] = without_examples(whole_name, tests[name])
    return run_doctest(module, verbosity)


test_support.run_doctest = run_doctest_unless_excluded

sys.argv[0] = "regrtest"
regrtest.main()
