"""Programs from odd files and from a standard input that is no terminal, and streams that are lost: as in CPython."""

import os
import resource
import subprocess

import pytest

TYPED = [
    "print 1\n",
    "print 1",
    "if 1:\n  print 2\n\nprint raw_input('p')\nhello\n",
    "import sys; sys.ps1 = 'A'; sys.ps2 = 'B'\nif 1:\n  print 2\n\n3\n",
    "raise SystemExit(4)\nprint 3\n",
    "x = (\n1,\n2)\nx\nfoo bar\nprint 5\n",
    "if 1:\n  x = 1\nprint 3\n",
    "def f():\n  return 4\n",
    "import sys\nsys.stdin.readline()\nabc\nsys.stdin.read(3)\nabcprint 4\nsys.stdin.read()\nall\nrest",
    "# comment\n\n   \n\nprint 1\n",
    "# comment\nprint 1\n1/0\n",
    "print 1,\nprint 2,\n1\n",
    "from __future__ import division\n1/2\n",
    "import sys; sys.stdin = None\nprint 3\n",
    '"""abc\ndef"""\n',
    "x = 'abc\n",
    "import sys; sys.ps1 = 5\n1\n",
    "import __builtin__; __builtin__.raw_input = None\nprint 4\n",
    "print 1\0 2\nprint 3\n",
    "if 1:\n",
    "print 1\n   print 2\nprint 3\n",
    "class A:\n  x = 1\n  \n  y = 2\n\nA.y\n",
    "1/0\nimport sys; sys.exit('bye')\n",
]

NUL_SOURCES = [
    b"print 1\0 2\nprint 3\n", b"print 1\n#\0 2\nprint 3\nprint 4\n", b"print 1\nx=\0\nprint 3\n", b"print 1\0",
    b"print 1\n\0",
    b"print 1\n\0\n\0\nprint 2\n", b"\0print 1\nprint 2\n", b"print 1\r\nprint 2\0abc\rprint 3\r",
    b"if 1:\n  print 1\0\n  print 2\n", b"x=[1,\0\n  2]\nprint x\n1/0", b'print """abc\0def\nghi"""\n',
    b"# coding: latin-1\nprint 1\n#\0 2\nprint 3\n",
]
CODED_SOURCES = [
    b"# coding: utf-16\nprint 1\n", b"#\n# coding: utf-16\nprint 1\n", b"# coding: no-such\nprint 1\n",
    b"#\n# coding: no-such\nprint 1\n", b"# coding: hex\nprint 1\n", b"# coding: utf-7\nprint 1\n",
    b"# coding: cp1252\nprint repr(u'\x80')\n",
]
HEADER = b"\x03\xf3\r\n"
COMPILED = {
    "header only": HEADER, "short time": HEADER + b"\0\0", "no code": HEADER + bytes(4),
    "number": HEADER + bytes(4) + b"i\1\0\0\0",
    "cut off": HEADER + bytes(4) + b"c\1\0\0\0", "half a header": HEADER[:2], "nothing": b"", "text": b"abcdefghijkl",
    "None": HEADER + bytes(4) + b"N", "unknown type": HEADER + bytes(4) + b"?",
}
STREAMS = [
    "sys.stdout = None\nprint 1", "sys.stdout = None\nprint", "sys.stdout = None\nprint >> None, 1,",
    "sys.stdout = None\ntry: print u'a', 2\nexcept Exception, error: sys.stderr.write(repr(error))",
    "sys.stdout = 5\nprint 1", "del sys.stdout\nprint 1", "del sys.stderr\nprint 1\n1/0", "sys.stderr = None\n1/0",
    "sys.stderr = 5\n1/0", "del sys.stderr\nsys.exit('abc')", "sys.stderr = None\nsys.exit('abc')",
    "del sys.stderr\nsys.excepthook(ValueError, ValueError(3), None)", "del sys.excepthook\n1/0",
    "sys.excepthook = None\n1/0",
    "del sys.stderr\nclass A(object):\n  def __del__(self): 1/0\na = A()\ndel a\nimport gc; gc.collect()",
    "stream = open('/dev/full', 'w')\nstream.write('x')\nstream.flush()",
    "stream = open('/dev/full', 'w')\nstream.write('x')\nstream.close()",
    "stream = open('/dev/full', 'w')\nstream.write('x')",
]


def results(ouro27, cpython27, *arguments, strip_greeting=False, **keywords):
    """What the two programs write, and their status; the greeting and their names left out."""
    found = []
    for program in (ouro27, cpython27):
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **keywords.get("environment", {}))
        done = subprocess.run(
            [program, "-S", *arguments], capture_output=True, timeout=60, env=environment, cwd=keywords.get("cwd"),
            input=keywords.get("text", b""))
        errors = done.stderr.replace(program.encode(), b"python")
        if strip_greeting:
            lines = errors.split(b"\n")
            errors = b"\n".join(line for line in lines if not line.startswith((b"Python 2.7.18", b"[GCC")))
        found.append((done.returncode, done.stdout, errors))
    return found


@pytest.mark.parametrize("text", TYPED)
def test_lines_of_a_pipe_are_taken_as_typed_with_this_option(ouro27, cpython27, text):
    ours, theirs = results(ouro27, cpython27, "-i", text=text.encode(), strip_greeting=True)
    assert ours == theirs


@pytest.mark.parametrize("environment", [{}, {"PYTHONINSPECT": "1"}])
@pytest.mark.parametrize("body", [
    "print 7", "import sys; sys.exit(3)", "1/0", "x = raw_input()", "import os; os.environ['PYTHONINSPECT'] = '1'"])
@pytest.mark.parametrize("options", [[], ["-i"]])
def test_the_prompt_after_a_program(ouro27, cpython27, tmp_path, options, body, environment):
    (tmp_path / "script.py").write_text(body)
    ours, theirs = results(
        ouro27, cpython27, *options, "script.py", cwd=tmp_path, text=b"print 4\n5\n", environment=environment)
    assert ours == theirs


@pytest.mark.parametrize("source", NUL_SOURCES + CODED_SOURCES)
@pytest.mark.parametrize("how", ["script", "import", "execfile", "standard input"])
def test_odd_sources(ouro27, cpython27, tmp_path, source, how):
    (tmp_path / "odd.py").write_bytes(source)
    arguments = {"script": ["odd.py"], "import": ["-c", "import odd"], "execfile": ["-c", "execfile('odd.py')"],
                 "standard input": []}
    text = source if how == "standard input" else b""
    ours, theirs = results(ouro27, cpython27, *arguments[how], cwd=tmp_path, text=text)
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(COMPILED))
@pytest.mark.parametrize("how", ["script", "import", "load"])
def test_damaged_compiled_files(ouro27, cpython27, tmp_path, name, how):
    (tmp_path / "odd.pyc").write_bytes(COMPILED[name])
    arguments = {"script": ["odd.pyc"], "import": ["-c", "import odd"],
                 "load": ["-c", "import imp; imp.load_compiled('odd', 'odd.pyc')"]}
    ours, theirs = results(ouro27, cpython27, *arguments[how], cwd=tmp_path)
    assert ours == theirs


def test_compiled_files_run_under_any_name(ouro27, cpython27, tmp_path):
    (tmp_path / "good.py").write_text("print __name__, 42\n")
    subprocess.run([cpython27, "-S", "-m", "py_compile", "good.py"], cwd=tmp_path, check=True)
    (tmp_path / "good.pyc").rename(tmp_path / "program")
    ours, theirs = results(ouro27, cpython27, "program", cwd=tmp_path)
    assert ours == theirs == (0, b"__main__ 42\n", b"")


@pytest.mark.parametrize("program", STREAMS)
def test_lost_and_failing_streams(ouro27, cpython27, program):
    ours, theirs = results(ouro27, cpython27, "-c", "import sys\n" + program)
    assert ours == theirs


@pytest.mark.parametrize("script", [
    "link/script.py", "chain.py", "relative.py", "../here/real/script.py", "real//script.py", "./real/./script.py"])
def test_the_first_directory_of_the_path_has_no_links(ouro27, cpython27, tmp_path, script):
    here = tmp_path / "here"
    (here / "real").mkdir(parents=True)
    (here / "real" / "script.py").write_text("import sys\nprint sys.path[0], __file__\n")
    (here / "link").symlink_to(here / "real")
    (here / "chain.py").symlink_to("link/script.py")
    (here / "relative.py").symlink_to("real/script.py")
    ours, theirs = results(ouro27, cpython27, script, cwd=here)
    assert ours == theirs
    assert ours[1].startswith(os.path.realpath(here / "real").encode())


def test_an_empty_name_of_a_program(ouro27, cpython27):
    ours, theirs = results(ouro27, cpython27, "", "argument")
    assert ours == theirs
    assert ours[0] == 1


def limited(ouro27, program, which, size):
    def limit():
        resource.setrlimit(which, (size, size))

    return subprocess.run([ouro27, "-S", "-c", program], capture_output=True, text=True, timeout=60, preexec_fn=limit)


@pytest.mark.parametrize("size", [80, 100, 200])
def test_a_small_address_space_is_enough_to_start(ouro27, size):
    done = limited(ouro27, "print sum(range(10000))", resource.RLIMIT_AS, size << 20)
    assert (done.returncode, done.stdout, done.stderr) == (0, "49995000\n", "")


@pytest.mark.parametrize("size", [128, 192, 512])
def test_a_small_stack_is_enough_to_start(ouro27, size):
    program = "def f(n): return f(n + 1)\ntry: f(0)\nexcept RuntimeError: print 'deep'"
    done = limited(ouro27, program, resource.RLIMIT_STACK, size << 10)
    assert (done.returncode, done.stdout, done.stderr) == (0, "deep\n", "")


@pytest.mark.parametrize("size", [300, 320, 340])
def test_a_small_address_space_has_room_for_threads(ouro27, size):
    program = """
import thread, time
gate = thread.allocate_lock()
done = []
def wait():
    with gate: done.append(1)
gate.acquire()
for i in range(20): thread.start_new_thread(wait, ())
gate.release()
while len(done) < 20: time.sleep(0.01)
print len(done)
"""
    done = limited(ouro27, program, resource.RLIMIT_AS, size << 20)
    assert (done.returncode, done.stdout, done.stderr) == (0, "20\n", "")
