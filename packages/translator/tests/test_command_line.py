"""Each mistake on the command line or in a target file ends in one message and a status that is not 0."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import attrs
import pytest
from ouro.translator import ExecutableCache, TargetDriver, UserError, _cache, load_target, main, pipeline
from ouro.translator._cache import manifest_of
from ouro.translator._requirements import write_output
from ouro.translator._signals import raised_signals


def ouro(*arguments, cwd=None):
    command = [sys.executable, "-m", "ouro.translator", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120)


def write(path, source):
    path.write_text(textwrap.dedent(source))
    return path


@pytest.fixture
def program(tmp_path):
    source = """
        def entry_point(argv):
            return len(argv)

        def target(driver, args):
            driver.executable_name = "chosen"
            return entry_point
    """
    return write(tmp_path / "program.py", source)


def test_a_target_runs_on_the_host_with_its_arguments(program):
    assert ouro("run", program, "a", "b").returncode == 3


def test_a_target_may_choose_the_name_of_its_executable(program):
    assert load_target(program, TargetDriver()).executable_name == "chosen"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def target(driver, args:\n", "SyntaxError"),
        ("x = 1\n", "no function called 'target'"),
        ("def target(driver, args):\n    return 5\n", "returned int, not a function"),
        ("def target(driver, args):\n    return 1 // 0\n", "ZeroDivisionError"),
        ("import no_such_module_here\n", "No module named 'no_such_module_here'"),
    ],
)
def test_a_bad_target_file_gets_one_message(tmp_path, source, message):
    path = tmp_path / "bad.py"
    path.write_text(source)
    result = ouro("translate", path, cwd=tmp_path)
    assert result.returncode == 1
    assert message in result.stderr
    assert "ouro/translator" not in result.stderr
    assert os.listdir(tmp_path) == ["bad.py"] or sorted(os.listdir(tmp_path)) == ["__pycache__", "bad.py"]


@pytest.mark.parametrize("command", ["translate", "run", "exec", "dump flow"])
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import sys\nsys.exit(0)\n", "the file called sys.exit(0) while it was imported"),
        ("import sys\nsys.exit('no')\n", "the file called sys.exit('no') while it was imported"),
        ("import sys\ndef target(driver, args):\n    sys.exit()\n", "called sys.exit() in target(driver, args)"),
    ],
)
def test_a_target_file_that_leaves_is_an_error_with_its_place(tmp_path, command, source, message):
    path = tmp_path / "leaving.py"
    path.write_text(source)
    result = ouro(*command.split(), path, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith(f"ouro: {path}: the file called sys.exit") and message in result.stderr
    assert f'File "{path}", line {source.count(chr(10))}' in result.stderr


def test_a_syntax_error_of_an_imported_module_tells_who_imports_it(tmp_path):
    write(tmp_path / "broken_module.py", "def f(:\n")
    path = write(tmp_path / "importing.py", "x = 1\nimport broken_module\n")
    result = ouro("translate", path)
    assert result.returncode == 1
    assert f'File "{path}", line 2' in result.stderr
    assert f'File "{tmp_path / "broken_module.py"}", line 1' in result.stderr and "SyntaxError" in result.stderr


def driving(path, *settings):
    lines = "".join(f"    driver.{setting}\n" for setting in settings)
    path.write_text(f"def target(driver, args):\n{lines}    return lambda argv: 0\n")
    return path


@pytest.mark.parametrize(("arguments", "expected"), [
    ([], (0, "semispace")),
    (["-O2"], (2, "semispace")),
    (["--gc", "generational"], (0, "generational")),
])
@pytest.mark.parametrize("command", ["translate", "exec"])
def test_what_a_target_sets_is_done_unless_an_option_says_otherwise(
    tmp_path, monkeypatch, command, arguments, expected
):
    monkeypatch.setenv("OURO_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    path = driving(tmp_path / "setting.py", "optimisation = 0", "collector = 'semispace'")
    seen = []

    def translate(target, options, output, progress):
        seen.append((options.optimisation, options.collector))
        raise UserError("seen")

    monkeypatch.setattr(pipeline, "translate", translate)
    assert main([command, *arguments, str(path)]) == 1
    assert seen == [expected]


def test_a_dump_has_the_collector_that_the_target_sets(tmp_path):
    path = driving(tmp_path / "setting.py", "collector = 'none'")
    assert ouro("dump", "collected", path).stdout == ouro("dump", "collected", path, "--gc", "none").stdout
    assert ouro("dump", "collected", path).stdout != ouro("dump", "collected", path, "--gc", "semispace").stdout


@pytest.mark.parametrize("setting", [
    "optimisation = 1", "optimisation = '2'", "optimisation = False", "collector = 'none at all'", "collector = None",
    "collector = []", "executable_name = ''", "executable_name = 5", "executable_name = 'a/'",
    "executable_name = 'a\\x00b'",
])
def test_a_setting_that_is_nothing_is_one_message(tmp_path, setting):
    name, value = setting.split(" = ")
    with pytest.raises(UserError) as caught:
        load_target(driving(tmp_path / "setting.py", setting), TargetDriver())
    assert f"setting.py: target(driver, args) has set driver.{name} to {value}" in caught.value.message
    assert "set it to" in caught.value.suggestion


def test_a_missing_file_is_named(tmp_path):
    result = ouro("translate", tmp_path / "none.py")
    assert result.returncode == 1
    assert "there is no such file" in result.stderr


def test_an_output_in_a_missing_folder_is_found_before_the_work(program, tmp_path):
    result = ouro("translate", program, "--output", tmp_path / "no" / "where")
    assert result.returncode == 1
    assert "does not exist" in result.stderr


def test_the_target_file_is_not_overwritten(program):
    before = program.read_text()
    result = ouro("translate", program, "-O0", "--output", program)
    assert result.returncode == 1
    assert "this is the target file itself" in result.stderr
    assert program.read_text() == before


def test_a_device_or_pipe_is_not_replaced(program, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    result = ouro("translate", program, "-O0", "--output", tmp_path / "pipe")
    assert result.returncode == 1
    assert "this is no ordinary file" in result.stderr
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("command", [("translate", "-O0"), ("view",)], ids=" ".join)
@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("no/where", "does not exist"),
        ("", "this is a folder"),
        ("/proc/program", "cannot write"),
        ("n" * 300, "cannot write"),
        ("/dev/null/program", "/dev/null is no folder"),
        ("program.py/deeper/program", "program.py is no folder"),
    ],
)
def test_an_output_that_cannot_be_written_is_found_before_the_work(program, tmp_path, command, output, message):
    program.write_text("raise SystemError('imported')\n")
    result = ouro(*command, program, "--output", tmp_path / output)
    assert result.returncode == 1
    assert message in result.stderr and "imported" not in result.stderr
    if command[0] == "translate":
        result = ouro(*command, program, "--report", tmp_path / output, "--output", tmp_path / "executable")
        assert result.returncode == 1
        assert message in result.stderr and "imported" not in result.stderr
    assert os.listdir(tmp_path) == ["program.py"] or sorted(os.listdir(tmp_path)) == ["__pycache__", "program.py"]


@pytest.mark.parametrize("output", ["nodir/", "nodir/.", "program.py/"])
@pytest.mark.parametrize("command", [("translate", "--output"), ("translate", "--report"), ("view", "--output")])
def test_the_name_of_a_folder_is_no_name_of_a_file(program, tmp_path, command, output):
    result = ouro(command[0], program, command[1], output, cwd=tmp_path)
    assert result.returncode == 2
    assert f"ouro {command[0]}: error: argument {command[1]}: {output}: this is the name of a folder" in result.stderr
    assert not (tmp_path / "nodir").exists()


def test_a_report_that_cannot_be_written_says_what_there_is(program, tmp_path):
    result = ouro("translate", "-O0", program, "--quiet", "--report", "/dev/full", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "ouro: /dev/full: cannot write the report: No space left on device",
        "help: the executable chosen is there and whole; name another file with --report",
    ]
    assert subprocess.run([tmp_path / "chosen"]).returncode == 1


def test_an_output_is_written_whole_or_not_at_all(tmp_path):
    old = write(tmp_path / "page.html", "old")
    (tmp_path / "link").symlink_to(old)
    with pytest.raises(UnicodeEncodeError):
        write_output(tmp_path / "link", "new" * 100_000 + "\udc80", "the page", "advice")
    assert old.read_text() == "old"
    write_output(tmp_path / "link", "new", "the page", "advice")
    assert old.read_text() == "new" and (tmp_path / "link").is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["link", "page.html"]


@pytest.mark.parametrize(
    "command",
    [*(["dump", stage] for stage in ("flow", "annotated", "typed", "collected", "c")), ["view"]],
    ids=" ".join,
)
def test_a_name_that_no_graph_has_is_an_error(program, tmp_path, command):
    result = ouro(*command, program, "--function", "no_such_function", cwd=tmp_path)
    assert result.returncode == 1 and result.stdout == ""
    assert "has 'no_such_function' in its name" in result.stderr
    assert not (tmp_path / "chosen.html").exists()


@pytest.mark.parametrize("command", ["translate", "exec", "dump", "view"])
def test_an_unknown_option_shows_the_usage_of_the_command(command):
    result = ouro(command, "--no-such-option", *(["flow"] if command == "dump" else []), "x.py")
    assert result.returncode == 2
    assert result.stderr.startswith(f"usage: ouro {command} ")
    assert f"ouro {command}: error: unrecognized arguments: --no-such-option" in result.stderr


def test_the_command_is_there_before_the_imports_that_take_long():
    # `site`, left out because of what installed packages add to it, has imported `os`
    script = "import os, sys; old = set(sys.modules); import ouro.translator.__main__; print(*set(sys.modules) - old)"
    result = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, timeout=60)
    assert set(result.stdout.split()) <= {"__future__", "ouro", "ouro.translator", "ouro.translator.__main__"}


def test_the_report_is_not_written_over_the_target(program, tmp_path):
    before = program.read_text()
    result = ouro("translate", program, "-O0", "--report", program, cwd=tmp_path)
    assert result.returncode == 1 and "this is the target file itself" in result.stderr
    assert program.read_text() == before


@pytest.mark.parametrize("command", [("view", "--output"), ("translate", "--output"), ("translate", "--report")],
                         ids=" ".join)
@pytest.mark.parametrize(("name", "message"), [
    ("importing.py", "this is the target file itself"),
    ("helper.py", "this is a source file that the target imports"),
    ("link", "this is a source file that the target imports"),
])
def test_no_source_file_is_overwritten(program, tmp_path, command, name, message):
    write(tmp_path / "helper.py", "from program import entry_point\n")
    target = write(tmp_path / "importing.py", "from helper import entry_point\n\n"
                   "def target(driver, args):\n    return entry_point\n")
    (tmp_path / "link").symlink_to(tmp_path / "helper.py")
    before = (tmp_path / name).read_text()
    result = ouro(command[0], target, command[1], tmp_path / name, cwd=tmp_path)
    assert result.returncode == 1
    assert message in result.stderr and f"name another file with {command[1]}" in result.stderr
    assert (tmp_path / name).read_text() == before
    assert not (tmp_path / "importing").exists()


def test_a_name_with_nul_is_one_message(program, capsys):
    assert main(["translate", str(program), "--output", "a\0b"]) == 1
    assert "no NUL" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["translate", "exec"])
def test_a_cache_that_is_no_folder_is_found_before_the_work(program, tmp_path, command, monkeypatch):
    program.write_text("raise SystemError('imported')\n")
    monkeypatch.setenv("OURO_CACHE", str(program))
    result = ouro(command, program)
    assert result.returncode == 1
    assert "cannot keep compiled files here: this is no folder" in result.stderr and "OURO_CACHE" in result.stderr


@pytest.mark.parametrize("command", ["translate", "exec"])
def test_a_missing_compiler_is_found_before_the_work(program, command, monkeypatch):
    program.write_text("raise SystemError('imported')\n")
    monkeypatch.setenv("CC", "no-such-compiler -m32")
    result = ouro(command, program)
    assert result.returncode == 1
    assert "the C compiler 'no-such-compiler -m32' was not found" in result.stderr and "CC" in result.stderr


def test_a_compiler_that_writes_nothing_is_named(program, tmp_path, monkeypatch):
    monkeypatch.setenv("CC", "true")
    monkeypatch.setenv("OURO_CACHE", str(tmp_path / "cache"))
    result = ouro("translate", program, "-O0", "--output", tmp_path / "executable")
    assert result.returncode == 1
    assert "the C compiler wrote nothing: true" in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "executable").exists()


@pytest.mark.parametrize("command, status", [("translate", 0), ("exec", 1)])
def test_an_empty_name_of_the_compiler_is_no_name(program, tmp_path, monkeypatch, command, status):
    monkeypatch.setenv("CC", " ")
    monkeypatch.setenv("OURO_CACHE", str(tmp_path / "cache"))
    more = ["-O0", "--output", tmp_path / "executable"] if command == "translate" else []
    result = ouro(command, program, *more)
    assert result.returncode == status, result.stderr  # `exec` ends as the program does: it has one argument


def test_an_interrupt_during_the_imports_is_one_line(tmp_path):
    write(tmp_path / "attrs.py", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, "-m", "ouro.translator", "--help"]
    # who started the tests in the background may ignore the signal, and that is inherited
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert (result.returncode, result.stderr) == (130, "ouro: interrupted; nothing was written\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("command", ["translate", "exec"])
def test_a_request_to_end_leaves_nothing(program, tmp_path, number, command):
    started = tmp_path / "started"
    script = f"#!/bin/sh\necho $$ > {started}.new\nmv {started}.new {started}\nsleep 60\n"
    compiler = write(tmp_path / "compiler", script)
    compiler.chmod(0o755)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    folders = {"TMPDIR": str(temporary), "OURO_CACHE": str(tmp_path / "cache")}
    environment = {**os.environ, "CC": str(compiler), **folders}
    process = subprocess.Popen(
        [sys.executable, "-m", "ouro.translator", command, program], cwd=tmp_path, env=environment, text=True,
        stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )  # fmt: skip
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    _, messages = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    what = "interrupted" if number == signal.SIGINT else f"ended by {number.name}"
    assert messages.splitlines()[-1] == f"ouro: {what}; nothing was written" and "Traceback" not in messages
    assert not list(temporary.iterdir()) and not list((tmp_path / "cache" / "objects").iterdir())
    assert not (tmp_path / "chosen").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def test_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raised_signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_compiler_that_fails_is_one_message_with_advice(program, tmp_path, monkeypatch):
    monkeypatch.setenv("CC", "false")
    monkeypatch.setenv("OURO_CACHE", str(tmp_path / "cache"))
    result = ouro("translate", program, "-O0", "--quiet", "--output", tmp_path / "executable")
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("ouro: the C compiler failed with exit status 1: false ")
    assert lines[1].startswith("help: name a C compiler")


def test_an_exception_of_a_program_that_is_run_shows_its_traceback(tmp_path):
    path = write(
        tmp_path / "failing.py",
        """
        def look(table):
            return table["no"]

        def entry_point(argv):
            return look({})

        def target(driver, args):
            return entry_point
        """,
    )
    result = ouro("run", path)
    assert result.returncode == 1
    assert "KeyError: 'no'" in result.stderr
    assert "line 6, in entry_point" in result.stderr
    assert "internal error" not in result.stderr
    assert "ouro/translator" not in result.stderr


@pytest.mark.parametrize("arguments", [["translate"], ["nonsense"], ["translate", "--no-such-option", "x.py"], []])
def test_a_wrong_command_line_has_status_2(arguments):
    result = ouro(*arguments)
    assert result.returncode == 2
    assert "usage: ouro" in result.stderr


class TestExecutableCache:
    @pytest.fixture(autouse=True)
    def own_folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("OURO_CACHE", str(tmp_path / "cache"))

    def stored(self, tmp_path):
        source = write(tmp_path / "source.py", "x = 1\n")
        built = write(tmp_path / "built", "an executable")
        built.chmod(0o755)
        cache = ExecutableCache(source, "-O2")
        cache.store(built, manifest_of([str(source)]))
        return source, cache

    def test_finds_what_was_stored(self, tmp_path):
        _, cache = self.stored(tmp_path)
        assert cache.find().read_text() == "an executable"

    def test_a_touched_but_equal_source_still_counts(self, tmp_path):
        source, cache = self.stored(tmp_path)
        os.utime(source, (1, 1))
        assert cache.find() is not None

    def test_a_changed_source_does_not(self, tmp_path):
        source, cache = self.stored(tmp_path)
        source.write_text("x = 2\n")
        assert cache.find() is None

    def test_a_source_that_changed_during_the_translation_does_not(self, tmp_path, monkeypatch):
        path = write(tmp_path / "changing.py", """
            import os

            def entry_point(argv):
                os.write(1, b"old")
                return 0

            def target(driver, args):
                return entry_point
        """)
        def translate(target, options, output, progress):
            text = path.read_text()
            output.write_text(text)
            output.chmod(0o755)
            path.write_text(text.replace("old", "new"))

        monkeypatch.setattr(pipeline, "translate", translate)
        monkeypatch.setattr(ExecutableCache, "run", lambda cache, executable, arguments: int(cache.find() is None))
        assert main(["exec", str(path)]) == 1

    def test_changes_of_data_files_that_the_target_read_are_seen(self, tmp_path, monkeypatch):
        data = write(tmp_path / "data.txt", "one")
        missing = tmp_path / "missing.txt"
        path = write(tmp_path / "reading.py", """
            import os

            FOLDER = os.path.dirname(os.path.abspath(__file__))
            TEXT = open(os.path.join(FOLDER, "data.txt")).read()
            try:
                MORE = open(os.path.join(FOLDER, "missing.txt")).read()
            except FileNotFoundError:
                MORE = ""
            with open(os.path.join(FOLDER, "written.txt"), "w") as stream:
                stream.write(TEXT)

            def entry_point(argv):
                return len(TEXT) + len(MORE)

            def target(driver, args):
                return entry_point
        """)
        translations = []

        def translate(target, options, output, progress):
            translations.append(target)
            output.write_text("an executable")
            output.chmod(0o755)

        monkeypatch.setattr(pipeline, "translate", translate)
        monkeypatch.setattr(ExecutableCache, "run", lambda cache, executable, arguments: int(cache.find() is None))
        for change, count in (
            (lambda: None, 1),
            (lambda: None, 1),
            (lambda: os.utime(data, (1, 1)), 1),
            (lambda: data.write_text("two"), 2),
            (lambda: (tmp_path / "written.txt").unlink(), 2),
            (lambda: missing.write_text("there"), 3),
            (lambda: missing.write_text("more"), 4),
            (lambda: missing.unlink(), 5),
        ):
            change()
            assert main(["exec", str(path)]) == 0
            assert len(translations) == count

    def test_a_change_of_an_installed_package_is_seen(self, tmp_path, monkeypatch):
        installed = tmp_path / "site-packages"
        installed.mkdir()
        package = write(installed / "installed_package_here.py", """
            import os
            TEXT = open(os.path.join(os.path.dirname(__file__), "data.txt")).read()
        """)
        data = write(installed / "data.txt", "one")
        path = write(tmp_path / "using.py", """
            from installed_package_here import TEXT

            def target(driver, args):
                return lambda argv: len(TEXT)
        """)
        monkeypatch.syspath_prepend(installed)

        def translate(target, options, output, progress):
            output.write_text("an executable")
            output.chmod(0o755)

        monkeypatch.setattr(pipeline, "translate", translate)
        monkeypatch.setattr(ExecutableCache, "run", lambda cache, executable, arguments: int(cache.find() is None))
        assert main(["exec", str(path)]) == 0
        cache, = (tmp_path / "cache").glob("*/manifest.json")
        files = json.loads(cache.read_text())["files"]
        assert str(package) in files and str(data) in files
        assert files[pipeline.__file__] and files[attrs.__file__]
        assert os.__file__ not in files

    def test_two_toolchains_have_an_entry_each(self, tmp_path, monkeypatch):
        source, cache = self.stored(tmp_path)
        monkeypatch.setattr(_cache, "_TOOLCHAIN", "/another")
        assert ExecutableCache(source, "-O2").find() is None

    def test_storing_again_never_takes_an_executable_away_from_whoever_found_it(self, tmp_path):
        source, cache = self.stored(tmp_path)
        found = cache.find()
        built = write(tmp_path / "built", "an executable")
        built.chmod(0o755)
        cache.store(built, manifest_of([str(source)]))
        assert found.read_text() == "an executable" and cache.find() == found
        other = write(tmp_path / "built", "another one")
        other.chmod(0o755)
        cache.store(other, manifest_of([str(source)]))
        assert cache.find().read_text() == "another one"
        assert len(os.listdir(cache.folder)) == 2  # the manifest and one executable

    def test_an_executable_that_was_replaced_before_it_ran_is_looked_for_again(self, tmp_path, monkeypatch):
        path = write(tmp_path / "source.py", "def target(driver, args):\n    return lambda argv: 0\n")

        def translate(target, options, output, progress):
            output.write_text("an executable")
            output.chmod(0o755)

        runs = []

        def run(cache, executable, arguments):
            runs.append(executable)
            if len(runs) == 1:
                executable.unlink()
            return int(executable.read_text() != "an executable")

        monkeypatch.setattr(pipeline, "translate", translate)
        monkeypatch.setattr(ExecutableCache, "run", run)
        assert main(["exec", str(path)]) == 0
        assert len(runs) == 2

    @pytest.mark.parametrize(
        "damage",
        [
            lambda executable: executable.write_text(""),
            lambda executable: executable.write_text("an Executable"),
            lambda executable: executable.chmod(0o644),
            lambda executable: executable.unlink(),
            lambda executable: executable.with_name("manifest.json").write_text("[]"),
            lambda executable: executable.with_name("manifest.json").write_text('{"files": {'),
        ],
    )
    def test_a_damaged_entry_is_none(self, tmp_path, damage):
        _, cache = self.stored(tmp_path)
        damage(cache.find())
        assert cache.find() is None

    def test_other_options_are_another_entry(self, tmp_path):
        source, _ = self.stored(tmp_path)
        assert ExecutableCache(source, "-O0").find() is None

    def test_a_store_that_fails_leaves_the_old_entry(self, tmp_path):
        source, cache = self.stored(tmp_path)
        with pytest.raises(FileNotFoundError):
            cache.store(tmp_path / "missing", manifest_of([str(source)]))
        assert cache.find() is not None
        assert len(os.listdir(cache.folder.parent)) == 1


def test_a_target_that_is_a_folder_is_refused(tmp_path):
    with pytest.raises(UserError, match="this is a folder"):
        load_target(tmp_path, TargetDriver())


def test_the_jitcodes_of_a_target_are_a_dump(tmp_path):
    target = write(tmp_path / "looping.py", """
        from ouro.rlib.jit import JitDriver

        driver = JitDriver(greens=["pc"], reds=["n"], name="looping")

        def step(n):
            return n - 1

        def entry_point(argv):
            n = len(argv)
            pc = 0
            while n > 0:
                driver.jit_merge_point(pc=pc, n=n)
                n = step(n)
            return n

        def target(driver, args):
            return entry_point
        """)
    dumped = ouro("dump", "jitcodes", str(target))
    assert dumped.returncode == 0, dumped.stderr
    assert "jitcode entry_point_portal(ii) -> i" in dumped.stdout
    assert "jit_merge_point 0, [i0], [], [], [i1], [], []" in dumped.stdout


def test_a_target_without_a_merge_point_has_no_jitcodes(program):
    dumped = ouro("dump", "jitcodes", str(program))
    assert dumped.returncode != 0 and "no interpreter loop for a JIT" in dumped.stderr
