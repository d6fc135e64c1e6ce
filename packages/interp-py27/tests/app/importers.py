"""What __import__ makes of loaders that return nothing or something else, of odd names and of odd lists of names."""

import imp
import sys


class Finder(object):
    def __init__(self, load):
        self.load = load

    def find_module(self, name, path=None):
        if name.startswith("odd"):
            return self

    def load_module(self, name):
        return self.load(name)


def nothing(name):
    pass


def number(name):
    return 7


def entered(name):
    sys.modules[name] = imp.new_module(name)


def other(name):
    sys.modules[name] = imp.new_module(name)
    return imp.new_module("other")


def marked(name):
    sys.modules[name] = None


def package(name, inner=None):
    if name == "odd":
        module = sys.modules[name] = imp.new_module(name)
        module.__path__ = []
        return module
    return inner


def package_of_number(name):
    return package(name, 7)


def described(value):
    return getattr(value, "__name__", value)


for load in [nothing, number, entered, other, marked, package, package_of_number]:
    print load.__name__
    sys.meta_path[:] = [Finder(load)]
    for text in ["import odd", "import odd.part", "from odd import part", "import odd.part as other", "from odd import *",
                 "from odd.part import name", "import odd; reload(odd)", "import odd.part; print odd.part",
                 "odd = __import__('odd.part', None, None, ['a'])"]:
        odd = part = other = "unset"
        try:
            exec text
            print text, described(odd), described(part), described(other)
        except Exception as error:
            print text, type(error).__name__, error
        print sorted((name, described(module)) for name, module in sys.modules.items() if name.startswith("odd"))
        for name in sys.modules.keys():
            if name.startswith("odd"):
                del sys.modules[name]
sys.meta_path[:] = []


def attempt(*args):
    try:
        print described(__import__(*args))
    except Exception as error:
        print type(error).__name__, error


for name in ["os.", ".os", "", "os..path", "a" * 300, "os." + "b" * 300, "a" * 5000, "os." + "c" * 5000, "a/b", ".", u"os",
             "os.path", "os\0x"]:
    attempt(name)
for names in [[1], ["a" * 300], [""], "dom", [u"dom"], 3, iter([])]:
    attempt("os", None, None, names)
    attempt("xml", None, None, names)
made = sys.modules["made"] = imp.new_module("made")
made.__path__ = []
for names in [[3], [u"x"], ["x"], 3, ["*"], None, "ab", ["__all__"]]:
    made.__all__ = names
    for listed in (["*"], "*", names):
        attempt("made", None, None, listed)
