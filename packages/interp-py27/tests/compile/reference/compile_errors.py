"""Python 2.7: print what becomes of each of the programs in `syntax_cases.py`, one JSON value a line."""
from __future__ import print_function  # noqa: UP010 - run by Python 2.7

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from syntax_cases import CASES  # noqa: E402


def decoded(x):
    if isinstance(x, str):
        return x.decode("latin-1")
    if isinstance(x, tuple):
        return [decoded(item) for item in x]
    return x


def fate(source, mode):
    try:
        compile(source, "<case>", mode, 0, True)
    except Exception as error:
        result = [type(error).__name__, decoded(error.args)]
        if isinstance(error, SyntaxError):
            result.append(decoded((error.lineno, error.offset, error.text)))
        return result
    return ["ok"]


if __name__ == "__main__":
    for case in CASES:
        print(json.dumps([fate(case, mode) for mode in ("exec", "eval", "single")]))
