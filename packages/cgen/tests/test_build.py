"""Building: caching, atomic output and errors of the compiler."""

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
