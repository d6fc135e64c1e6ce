"""Runs the tests of the translated Python 2.7 in variants of its JIT, none of which may change an answer.

``jit_variants.py [NAME ...]`` runs all tests in the variants named (all without a name; ``--list`` says which there
are). ``--part NUMBER/COUNT`` takes every COUNT-th test from the one with that number, from 0, on. ``--today`` takes one
variant and one part of the tests by the date, so that on the days of a cycle everything has its turn.
What stands behind ``--`` goes to pytest. The interpreter is translated unless that was done before;
the environment variable OURO27 names one that is there already.
"""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
import sys
from pathlib import Path

from ouro.rlib.jit import OPTIMIZATIONS

ROOT = Path(__file__).resolve().parent.parent
TARGET = "packages/interp-py27/target.py"
TESTS = "tests/py27"
#: What runs untranslated, or with parameters of its own.
LEFT_OUT = [f"tests/py27/test_{name}.py" for name in ("trace_shapes", "loop_shapes", "hot_loops")]
#: As many parts have all tests of a variant on the days of a cycle; one takes up to 4 minutes on two idle cores.
PARTS = 3

AT_ONCE = "threshold=1,function_threshold=1,trace_eagerness=2"
SOON = "threshold=3,function_threshold=5,trace_eagerness=3"

#: The environment of each variant. The low thresholds are there because tests are short.
VARIANTS: dict[str, dict[str, str]] = {
    "default": {"OUROJIT": "default"},
    "off": {"OUROJIT": "off"},
    "at-once": {"OUROJIT": AT_ONCE},
    "every-guard-fails": {"OUROJIT": f"{AT_ONCE},fail_guards=1"},
    "some-guards-fail": {"OUROJIT": f"{AT_ONCE},fail_guards=17"},
    "short-traces": {"OUROJIT": f"{SOON},trace_limit=50"},
    "small-nursery": {"OUROJIT": SOON, "OUROGC_NURSERY": "4096"},
    "verified-heap": {"OUROJIT": SOON, "OUROGC_NURSERY": "256K", "OUROGC_DEBUG": "1"},
    "not-optimized": {"OUROJIT": f"{SOON},enable_opts=none"},
    **{f"without-{name}": {"OUROJIT": f"{SOON},enable_opts=all:-{name}"} for name in OPTIMIZATIONS},
}


#: Variants with other tests: where every collection verifies the whole heap, large programs and a nursery of 4 KB would
#: take hours.
TESTS_OF: dict[str, list[str]] = {
    "verified-heap": ["tests/py27/test_programs.py", "-k", "prints_the_same and not 4096"],
}


def executable() -> str:
    """The path of the interpreter, from the cache of `ouro exec`."""
    if os.environ.get("OURO27"):
        return os.environ["OURO27"]
    command = [sys.executable, "-m", "ouro.translator", "exec", TARGET, "--"]
    environment = {name: value for name, value in os.environ.items() if name != "OUROJIT"}
    run = subprocess.run(
        [*command, "-S", "-c", "import sys; print sys.executable"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )
    return run.stdout.splitlines()[-1]


def choice_of(day: datetime.date) -> tuple[str, str]:
    """The variant and the part of the tests that a day has."""
    number = day.toordinal()
    names = list(VARIANTS)
    return names[number % len(names)], f"{number // len(names) % PARTS}/{PARTS}"


def run_tests(path: str, name: str, part: str, arguments: list[str]) -> bool:
    """Whether the tests pass in a variant."""
    setting = " ".join(f"{key}={value}" for key, value in VARIANTS[name].items())
    print(f"variant {name}{', part ' + part if part else ''}: {setting}", flush=True)
    environment = {**os.environ, **VARIANTS[name], "OURO27": path, "OURO27_PART": part}
    tests = TESTS_OF.get(name, [TESTS, *[f"--ignore={file}" for file in LEFT_OUT]])
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(os.cpu_count() or 1), *tests, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def main() -> int:
    arguments = sys.argv[1:]
    for_pytest: list[str] = []
    if "--" in arguments:
        place = arguments.index("--")
        arguments, for_pytest = arguments[:place], arguments[place + 1 :]
    parser = argparse.ArgumentParser(description="Run the tests of Python 2.7 in variants of its JIT.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="variants; all without one")
    parser.add_argument("--list", action="store_true", help="print the variants")
    parser.add_argument("--today", action="store_true", help="one variant and one part of the tests, by the date")
    parser.add_argument("--part", default="", metavar="NUMBER/COUNT", help="every COUNT-th test")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in VARIANTS]
    if unknown:
        parser.error(f"no variant {unknown[0]!r}; there are {', '.join(VARIANTS)}")
    if options.list:
        for name, environment in VARIANTS.items():
            print(name, *[f"{key}={value}" for key, value in environment.items()])
        return 0
    names, part = options.names or list(VARIANTS), options.part
    if options.today:
        name, part = choice_of(datetime.date.today())
        names = [name]
    path = executable()
    failed = [name for name in names if not run_tests(path, name, part, for_pytest)]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
