"""What the executable does with its options, its surroundings and bad input."""

import os
import re
import subprocess

import pytest
from python27 import run


def test_a_missing_library_is_one_message_and_a_failure(ouro27):
    result = run([ouro27, "-c", "print 1"], OURO27_LIB="/does/not/exist")
    assert result.returncode == 1
    assert result.stdout == b""
    assert b"standard library is not found" in result.stderr and b"OURO27_LIB" in result.stderr


def test_without_site_the_library_is_not_needed(ouro27):
    result = run([ouro27, "-S", "-c", "import sys; print sys.maxint"], OURO27_LIB="/does/not/exist")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"9223372036854775807\n", b"")


def test_bad_input_reads_as_in_cpython(ouro27, cpython27, tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("print 1\nx = = 2\n")
    for arguments in [[str(bad)], ["-c", "1/0"], ["-c", "import no_such_module"], ["-m", "no_such_module"]]:
        ours, theirs = run([ouro27, *arguments]), run([cpython27, *arguments])
        assert ours.stderr.replace(ouro27.encode(), b"python") == theirs.stderr.replace(cpython27.encode(), b"python")
        assert ours.returncode == theirs.returncode == 1


def test_an_unknown_option_has_status_2(ouro27):
    result = run([ouro27, "--no-such-option"])
    assert result.returncode == 2
    assert b"Unknown option" in result.stderr


@pytest.mark.parametrize("parameters", ["off", "default", "threshold=10,trace_limit=2000"])
def test_parameters_of_the_jit_are_taken(ouro27, parameters):
    result = run([ouro27, "--jit", parameters, "-S", "-c", "print sum(range(10))"])
    assert (result.returncode, result.stdout, result.stderr) == (0, b"45\n", b"")


@pytest.mark.parametrize("arguments", [["--jit"], ["--jit", "threshold"], ["--jit", "no_such=1"], ["--jit", "decay=x"]])
def test_wrong_parameters_of_the_jit_have_status_2(ouro27, arguments):
    result = run([ouro27, *arguments, "-S", "-c", "print 1"] if len(arguments) > 1 else [ouro27, *arguments])
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"--jit" in result.stderr


def test_a_missing_program_has_status_2(ouro27):
    result = run([ouro27, "no-such-file.py"])
    assert result.returncode == 2
    assert b"can't open file 'no-such-file.py'" in result.stderr


def test_the_prompt_evaluates_and_survives_errors(ouro27):
    text = b"x = 20\nx + 1\nif x:\n    print 'yes'\n\n1/0\n'still here'\n"
    result = run([ouro27, "-i", "-S", "-c", ""], text=text)
    assert b"21\n" in result.stdout and b"yes\n" in result.stdout and b"'still here'\n" in result.stdout
    assert b"ZeroDivisionError" in result.stderr


def test_programs_of_the_user_print_what_cpython_prints(ouro27, cpython27, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("import sys\nprint sys.argv[1:], __name__, __file__.endswith('program.py')\nsys.exit(3)\n")
    ours, theirs = (run([python, str(program), "a", "-b"]) for python in (ouro27, cpython27))
    assert (ours.stdout, ours.returncode) == (theirs.stdout, theirs.returncode)
    assert re.match(rb"\['a', '-b'\] __main__ True", ours.stdout)


@pytest.mark.parametrize("option", ["-t", "-tt"])
@pytest.mark.parametrize("where", ["script", "module", "text"])
def test_indentation_that_depends_on_tabs(ouro27, cpython27, tmp_path, option, where):
    (tmp_path / "tabs.py").write_text("if 1:\n        x = 1\n\ty = 2\n\tz = 3\n")
    arguments = {"script": ["tabs.py"], "module": ["-B", "-c", "import tabs"], "text": ["-c", "exec open('tabs.py')"]}
    results = []
    for program in (ouro27, cpython27):
        done = subprocess.run([program, "-S", option, *arguments[where]], capture_output=True, text=True, cwd=tmp_path)
        results.append((done.returncode, done.stdout, done.stderr))
    assert results[0] == results[1]
    assert "inconsistent use of tabs" in results[0][2]


@pytest.mark.parametrize("prefix", ["./", "../here/", ""])
def test_the_executable_is_known_by_an_absolute_path(ouro27, tmp_path, prefix):
    here = tmp_path / "here"
    here.mkdir()
    (here / "python").symlink_to(ouro27)
    path = ".:" + os.environ["PATH"]
    done = subprocess.run([prefix + "python", "-S", "-c", "import sys; print sys.executable"], capture_output=True,
                          text=True, cwd=here, env=dict(os.environ, PATH=path))
    expected = str(here / "python") if prefix != "../here/" else f"{here}/../here/python"
    assert (done.stdout, done.stderr) == (expected + "\n", "")


@pytest.mark.parametrize("prefix", ["", "./", "../here/", "link/", "other/"])
def test_modules_beside_the_script_are_found_after_chdir(ouro27, tmp_path, prefix):
    here = tmp_path / "here"
    (here / "other").mkdir(parents=True)
    (here / "link").symlink_to(here)
    (here / "program.py").write_text("import os; os.chdir('/'); import beside")
    (here / "other" / "program.py").symlink_to("../program.py")
    (here / "beside.py").write_text("print 'found'")
    result = run([ouro27, prefix + "program.py"], folder=here)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"found\n", b"")


@pytest.mark.parametrize("status", ["2 ** 70", "-2 ** 70", "2 ** 64"])
def test_an_exit_status_beyond_a_machine_word_is_255(ouro27, status):
    result = run([ouro27, "-c", "import sys; sys.exit(%s)" % status])
    assert (result.returncode, result.stdout, result.stderr) == (255, b"", b"")


def test_a_directory_as_standard_input_is_an_error(ouro27):
    with subprocess.Popen("exec %s </" % ouro27, shell=True, stderr=subprocess.PIPE) as process:
        _, errors = process.communicate()
    assert process.returncode == 1
    assert b"IOError" in errors and b"RPython" not in errors


@pytest.mark.parametrize("program", [
    "print 1,", "print 1,; 1/0", "print 1,; raise SystemExit(3)", "import sys; print 1,; sys.stdout.softspace = 0",
    "import atexit; atexit.register(lambda: 1/0); print 1", "import sys; sys.exitfunc = sys.exit",
    "import sys; sys.exitfunc = lambda: sys.exit(5)",
])  # fmt: skip
def test_the_end_of_a_program_is_as_in_cpython(ouro27, cpython27, program):
    done = [run([python, "-c", program]) for python in (ouro27, cpython27)]
    assert done[0].stdout == done[1].stdout
    assert done[0].returncode == done[1].returncode
    assert done[0].stderr.decode().splitlines()[-1:] == done[1].stderr.decode().splitlines()[-1:]


def imports_told(stderr):
    """What ``-v`` says of the program's imports: between the banner and what CPython says of its end."""
    lines = stderr.decode().splitlines()
    first = max(index for index, line in enumerate(lines) if line.startswith("Python 2.7.18"))
    return [line for line in lines[first + 1:] if line.startswith(("import ", "# trying", "# wrote")) or " # " in line
            or line.endswith((" bad magic", " bad mtime")) or " matches " in line]


def test_imports_are_told_as_by_cpython(ouro27, cpython27, tmp_path):
    def told(interpreter):
        return imports_told(run([interpreter, "-S", "-v", "-c", "import outer, plain, errno; reload(plain)"], tmp_path,
                                PYTHONDONTWRITEBYTECODE="").stderr)

    (tmp_path / "outer").mkdir()
    results = []
    for interpreter in (cpython27, ouro27):
        (tmp_path / "outer" / "__init__.py").write_text("import inner\n")
        (tmp_path / "outer" / "inner.py").write_text("x = 1\n")
        (tmp_path / "plain.py").write_text("y = 1\n")
        for path in tmp_path.rglob("*.pyc"):
            path.unlink()
        first, second = told(interpreter), told(interpreter)
        os.utime(tmp_path / "plain.py", (1, 1))
        (tmp_path / "outer" / "inner.pyc").write_bytes(b"no code")
        results.append((first, second, told(interpreter)))
    assert results[0] == results[1]
    assert len(results[0][0]) > 5


def test_a_wrong_home_is_one_message_and_a_failure(ouro27):
    result = run([ouro27, "-c", "print 1"], PYTHONHOME="/does/not/exist", OURO27_LIB="")
    assert (result.returncode, result.stdout) == (1, b"")
    assert b"PYTHONHOME" in result.stderr and b"ImportError: No module named site" in result.stderr
    result = run([ouro27, "-S", "-c", "import sys; print sys.prefix, sys.exec_prefix"], PYTHONHOME="/some:/other",
                 OURO27_LIB="")
    assert result.stdout == b"/some /other\n"
    assert run([ouro27, "-E", "-c", "print 1"], PYTHONHOME="/does/not/exist").stdout == b"1\n"
