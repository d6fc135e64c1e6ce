"""What the error about recursion that is too deep says.

Which of several calls that take turns is one too many depends on the limit: all that are said are looked at.
"""

import cPickle
import sys



def attempt(name, function, *args):
    messages = []
    for limit in range(300, 307):
        sys.setrecursionlimit(limit)
        try:
            function(*args)
            print "fine"
        except RuntimeError as error:
            messages.append(str(error))
    sys.setrecursionlimit(1000)
    calls = [message for message in messages if message.endswith(" while calling a Python object")]
    print name, (calls or messages)[0]


def plain():
    plain()


def closure():
    return (lambda: closure())()


def generator():
    for item in generator():
        yield item


def called(*args):
    return map(called, [1])


class New(object):
    def method(self):
        self.method()

    def __repr__(self):
        return repr(self)

    def __str__(self):
        return str(self)

    def __hash__(self):
        return hash(self)

    def __len__(self):
        return len(self)

    def __eq__(self, other):
        return self == other

    def __cmp__(self, other):
        return cmp(self, other)

    def __add__(self, other):
        return self + other

    def __getitem__(self, key):
        return self[key]

    def __iter__(self):
        return iter(self)

    def __contains__(self, item):
        return item in self

    def __call__(self):
        return self()

    def __setattr__(self, name, value):
        self.other = value

    def __neg__(self):
        return -self

    def __init__(self, more=False):
        if more:
            New(True)


class Old:
    def __repr__(self):
        return repr(self)

    def __len__(self):
        return len(self)

    def __eq__(self, other):
        return self == other

    def __call__(self):
        return self()


for function in [plain, closure, called, New().method]:
    attempt(function.__name__, function)
new, old = New(), Old()
for function in [repr, str, hash, len, iter]:
    attempt(function.__name__, function, new)
attempt("old repr", repr, old)
attempt("old len", len, old)
for text in ["list(generator())", "new == 1", "cmp(new, 1)", "new + 1", "new[0]", "1 in new", "new()", "-new",
             "setattr(new, 'x', 1)", "New(True)", "old == 1", "old()"]:
    attempt(text, lambda: eval(text))
items = []
for _ in range(2000):
    items = [items]
attempt("list", repr, items)
attempt("pickle", cPickle.dumps, items)
