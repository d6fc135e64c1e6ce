"""Building: caching, atomic output and errors of the compiler."""

import subprocess
import time

import pytest
from ouro import cgen

GOOD = cgen.Sources({"a.c": "int f(void); int main(void) { return f(); }\n", "b.c": "int f(void) { return 4; }\n"})
BAD = cgen.Sources({"a.c": "int main(void) { return missing; }\n"})


def test_unchanged_files_are_not_compiled_again(tmp_path):
    cache, executable = tmp_path / "cache", tmp_path / "program"
    assert cgen.build(GOOD, executable, 0, cache_folder=cache) == 2
    changed = cgen.Sources({**GOOD.files, "b.c": "int f(void) { return 5; }\n"})
    assert cgen.build(changed, executable, 0, cache_folder=cache) == 1
    assert cgen.build(GOOD, executable, 0, cache_folder=cache) == 0


def test_failed_compilation_leaves_the_old_executable_alone(tmp_path):
    executable = tmp_path / "program"
    executable.write_text("old")
    with pytest.raises(cgen.CompilerError, match="missing"):
        cgen.build(BAD, executable, 0, cache_folder=tmp_path / "cache")
    assert executable.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cache", "program"]
    assert list((tmp_path / "cache").iterdir()) == []


def kept(cache):
    return sorted(path.name for path in cache.iterdir())


@pytest.mark.parametrize(
    "damage", [lambda data: data[:100], lambda data: data[:100] + b"?" + data[101:], lambda data: b""]
)
def test_a_damaged_object_is_compiled_again(tmp_path, damage):
    cache = tmp_path / "cache"
    cgen.build(GOOD, tmp_path / "program", 0, cache_folder=cache)
    for path in cache.iterdir():
        path.write_bytes(damage(path.read_bytes()))
    assert cgen.build(GOOD, tmp_path / "program", 0, cache_folder=cache) == 2
    assert len(kept(cache)) == 2
    assert cgen.build(GOOD, tmp_path / "program", 0, cache_folder=cache) == 0
    assert subprocess.run([tmp_path / "program"]).returncode == 4


def script(path, text):
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def test_an_object_that_the_linker_cannot_read_is_not_kept(tmp_path):
    once = tmp_path / "once"
    compiler = script(tmp_path / "compiler", f"""
cc "$@" || exit
for output; do :; done
case "$output" in */b-*) [ -e {once} ] || {{ : > {once}; truncate -s 500 "$output"; }} ;; esac
""")
    platform = cgen.Platform(compiler=str(compiler))
    with pytest.raises(cgen.CompilerError, match=r"/b-\w+\.\w+\.o"):
        cgen.build(GOOD, tmp_path / "program", 0, platform, tmp_path / "cache")
    assert cgen.build(GOOD, tmp_path / "program", 0, cgen.Platform(compiler=str(compiler)), tmp_path / "cache") == 1


@pytest.mark.parametrize(("text", "message"), [
    ("exit 3", "the C compiler failed with exit status 3: "),
    ("kill -9 $$", "the C compiler was ended by signal 9 (SIGKILL): "),
])
def test_how_a_compiler_ended_is_told(tmp_path, text, message):
    platform = cgen.Platform(compiler=str(script(tmp_path / "compiler", text)))
    with pytest.raises(cgen.CompilerError) as caught:
        cgen.build(GOOD, tmp_path / "program", 0, platform, tmp_path / "cache")
    assert str(caught.value).startswith(message) and not str(caught.value).endswith("\n")
    assert caught.value.suggestion


def test_a_compiler_that_is_no_program_is_named(tmp_path):
    (tmp_path / "compiler").write_bytes(b"\0\0")
    (tmp_path / "compiler").chmod(0o755)
    with pytest.raises(cgen.CompilerError, match="cannot run the C compiler .*compiler: Exec format error"):
        cgen.build(GOOD, tmp_path / "program", 0, cgen.Platform(str(tmp_path / "compiler")), tmp_path / "cache")


def test_a_compiler_is_named_from_the_current_folder(tmp_path, monkeypatch):
    script(tmp_path / "mygcc", 'exec "$@"')
    script(tmp_path / "inner", 'exec cc "$@"')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OURO_CACHE", "cache")
    assert cgen.build(GOOD, tmp_path / "program", 0, cgen.Platform("./mygcc ./inner")) == 2
    assert len(kept(tmp_path / "cache" / "objects")) == 2


def test_one_failure_stops_the_other_compilers(tmp_path):
    compiler = script(tmp_path / "compiler", """
case "$*" in *a.c*) trap "" TERM; sleep 60 & wait ;; *) sleep 0.3; exit 1 ;; esac
""")
    start = time.monotonic()
    with pytest.raises(cgen.CompilerError, match="exit status 1"):
        cgen.build(GOOD, tmp_path / "program", 0, cgen.Platform(str(compiler), jobs=2), tmp_path / "cache")
    assert time.monotonic() - start < 30


def test_missing_compiler_is_named(tmp_path):
    with pytest.raises(cgen.CompilerError, match="'no-such-compiler' was not found"):
        cgen.build(GOOD, tmp_path / "program", platform=cgen.Platform(compiler="no-such-compiler"))


def test_failed_link_leaves_nothing(tmp_path):
    unlinked = cgen.Sources({"a.c": "int f(void); int main(void) { return f(); }\n"})
    with pytest.raises(cgen.CompilerError, match="undefined reference"):
        cgen.build(unlinked, tmp_path / "program", 0, cache_folder=tmp_path / "cache")
    assert [p.name for p in tmp_path.iterdir()] == ["cache"]


def test_progress_counts_every_file(tmp_path):
    seen = []
    cgen.build(GOOD, tmp_path / "p", 0, cache_folder=tmp_path / "c", on_progress=lambda *pair: seen.append(pair))
    assert seen[0] == (0, 2) and seen[-1] == (2, 2)
