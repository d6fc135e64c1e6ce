"""Every task of the repository; ``nox -l`` lists them.

``nox -s py27 -- FILE ARGS`` translates the Python 2.7 interpreter once and runs a program on it;
``nox -s tests`` runs everything that must hold before a change lands.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["tests"]

ROOT = Path(__file__).parent
#: In dependency order: each package may use only those before it.
PACKAGES = [
    "lltype",
    "rlib",
    "flowspace",
    "annotator",
    "rtyper",
    "graphopt",
    "gc",
    "cgen",
    "jitcore",
    "backend-x86",
    "translator",
    "interp-py27",
]
#: Packages whose sources mypy checks in strict mode.
STRICT = ["lltype", "flowspace", "annotator", "rtyper", "graphopt", "cgen", "translator"]
WORKERS = str(os.cpu_count() or 1)


def _declared(package: str, with_tests: bool = False) -> tuple[list[str], list[str]]:
    """The folders of *package* and of all that it (or its tests) depends on, and what else its tests require."""
    text = {name: (ROOT / "packages" / name / "pyproject.toml").read_text() for name in PACKAGES}
    folder_of = {re.search(r'^name = "(.+)"', text[name], re.M)[1]: name for name in PACKAGES}
    folders: list[str] = []
    tests = re.search(r"^test = \[(.*?)\]$", text[package], re.M | re.S)[1]
    wanted = re.findall(r'"([^"]+)"', tests)
    own = {requirement: folder_of.get(re.match(r"[A-Za-z0-9_.-]+", requirement)[0]) for requirement in wanted}
    pending = [package] + ([name for name in own.values() if name] if with_tests else [])
    while pending:
        name = pending.pop()
        if name in folders:
            continue
        folders.append(name)
        block = re.search(r"^dependencies = \[(.*?)\]", text[name], re.M | re.S)[1]
        distributions = re.findall(r'"([A-Za-z0-9_.-]+)', block)
        pending += [folder_of[item] for item in distributions if item in folder_of]
    return sorted(folders, key=PACKAGES.index), [requirement for requirement in wanted if not own[requirement]]


def _install(session: nox.Session, package: str, *extra: str, with_tests: bool = False) -> None:
    """Install *package* with exactly what it declares, from this checkout."""
    folders, _ = _declared(package, with_tests)
    arguments = [item for name in folders for item in ("-e", f"packages/{name}")]
    session.install(*arguments, *extra)


def _install_once(session: nox.Session) -> None:
    """Install the toolchain and Python 2.7 where the environment does not have them as declared now."""
    declared = hashlib.sha256("".join(
        (ROOT / "packages" / name / "pyproject.toml").read_text() for name in PACKAGES
    ).encode()).hexdigest()
    stamp = Path(session.virtualenv.location) / "installed"
    if stamp.exists() and stamp.read_text() == declared:
        return
    session.install(*_translator_folders(), "-e", "packages/interp-py27", silent=True)
    stamp.write_text(declared)


def _test_package(session: nox.Session, package: str) -> None:
    _install(session, package, *_declared(package, with_tests=True)[1], with_tests=True)
    session.run("pytest", "-n", WORKERS, "-q", f"packages/{package}/tests", *session.posargs)


def _test_translated(session: nox.Session) -> None:
    """The whole pipeline: translated programs, the examples and the translated Python 2.7."""
    _install_translated(session)
    session.run("pytest", "-n", WORKERS, "-q", "tests", "examples", *session.posargs)


def _translator_folders() -> list[str]:
    folders, _ = _declared("translator")
    return [item for name in folders for item in ("-e", f"packages/{name}")]


def _everything_else() -> list[str]:
    """Every package but the interpreter."""
    return [item for name in PACKAGES if name != "interp-py27" for item in ("-e", f"packages/{name}")]


def _lint(session: nox.Session) -> None:
    session.install("ruff==0.17.6")
    session.run("ruff", "check", ".")


def _types(session: nox.Session) -> None:
    session.install(*_translator_folders(), "mypy==2.4.1")
    sources = [f"packages/{name}/src/ouro/{name}" for name in STRICT]
    session.run("mypy", *sources)


def _layers(session: nox.Session) -> None:
    session.install(*_everything_else(), "-e", "packages/interp-py27", "import-linter==2.16")
    session.run("lint-imports")


def _install_translated(session: nox.Session) -> None:
    """What tests of the translated Python 2.7 need."""
    tools = ["pytest", "pytest-xdist", "hypothesis", "filelock", "capstone"]
    _install(session, "interp-py27", *_everything_else(), *tools)


def _jit_variants(session: nox.Session, *arguments: str) -> None:
    _install_translated(session)
    session.run("python", "tools/jit_variants.py", *arguments)


def _test_jit_variant(session: nox.Session) -> None:
    """Python 2.7 in the variant of its JIT, and with the part of the tests, whose turn it is."""
    _jit_variants(session, "--today")


CHECKS = {
    "lint": _lint, "types": _types, "layers": _layers, "translated": _test_translated, "jit-variant": _test_jit_variant,
}


@nox.session
@nox.parametrize("part", [nox.param(name, id=name) for name in [*CHECKS, *PACKAGES]])
def tests(session: nox.Session, part: str) -> None:
    """Each package alone in an environment with only what it declares; lint, types, layers; the whole pipe."""
    if part in CHECKS:
        CHECKS[part](session)
    else:
        _test_package(session, part)


@nox.session
def lint(session: nox.Session) -> None:
    """Lint, types and the layering contract, without tests."""
    _lint(session)
    _types(session)
    _layers(session)


@nox.session
def py27(session: nox.Session) -> None:
    """Run a Python 2.7 program (or the REPL) on the translated interpreter, building it when sources changed."""
    _install_once(session)
    session.run("ouro", "exec", "packages/interp-py27/target.py", "--", *session.posargs)


@nox.session(name="jit-variants")
def jit_variants(session: nox.Session) -> None:
    """The tests of Python 2.7 in all variants of its JIT, or in those named; ``-- --list`` says which there are."""
    _jit_variants(session, *session.posargs)


@nox.session(name="hot-loops")
def hot_loops(session: nox.Session) -> None:
    """2,000 random Python 2.7 programs, or as many as are asked for, under random parameters of the JIT."""
    _install_translated(session)
    count = session.posargs[0] if session.posargs else "2000"
    session.run("pytest", "-n", WORKERS, "-q", "tests/py27/test_hot_loops.py", env={"OURO_HOT_LOOPS": count})


@nox.session(name="random-traces")
def random_traces(session: nox.Session) -> None:
    """20,000 random traces, or as many as are asked for, on the model and as machine code."""
    _install(session, "backend-x86", *_declared("backend-x86", with_tests=True)[1], with_tests=True)
    count = session.posargs[0] if session.posargs else "20000"
    session.run(
        "pytest", "-n", WORKERS, "-q", "packages/backend-x86/tests/test_random_traces.py",
        env={"OURO_RANDOM_TRACES": count})


@nox.session
def bench(session: nox.Session) -> None:
    """Translation budgets and run times, side by side with CPython 2.7.18 where it is found."""
    _install_once(session)
    session.run("python", "tools/bench.py", *session.posargs)
