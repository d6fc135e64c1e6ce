"""The prompt on a terminal: what a user sees is what CPython shows, but for the greeting."""

import os
import pty
import select
import signal
import time

import pytest

#: Seconds without a word after which a program is believed to wait for more: a busy machine is slow to answer.
SILENCE = 3.0

STEPS = {
    "statements": [
        "1+1\n", "def f(x):\n", "    return x*2\n", "\n", "f(21)\n", "x = 'abc\n", "1/0\n", "(1,\n", "2)\n", "_\n",
        "for i in range(2):\n", " print i\n", "\n", "raw_input('name? ')\n", "bob\n", "print u'\u00e9', 'k\u00fc'\n",
        "raise SystemExit(3)\n"],
    "interrupts": ["while 1: pass\n", "\x03", "a = 5", "\x03", "(1,\n", "\x03", "raw_input()\n", "\x03", "\x04"],
    "editing": [
        "import readline, rlcompleter, os\n", "readline.parse_and_bind('tab: complete')\n", "os.getp\t\t\n",
        "\x15sys = 3\n", "sy\t\n", "\x1b[A\x1b[A\n", "readline.get_current_history_length()\n",
        "readline.get_history_item(2)\n", "readline.set_startup_hook(lambda: readline.insert_text('12+'))\n", "3\n",
        "\x15readline.set_startup_hook()\n", "def comp(text, state):\n",
        " print (text, state, readline.get_begidx(), readline.get_endidx(), readline.get_completion_type())\n",
        " return None if state > 1 else 'abcd'[:state+2]\n", "\n", "readline.set_completer(comp)\n", "zz\t\n", "\x04"],
}  # fmt: skip


def converse(arguments, steps):
    """What the terminal shows, and the exit status."""
    process, terminal = pty.fork()
    if process == 0:
        # who started the tests in the background may ignore the signal, and that is inherited
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        changes = {"TERM": "dumb", "INPUTRC": os.devnull, "LC_ALL": "C.UTF-8", "PYTHONSTARTUP": ""}
        os.execve(arguments[0], arguments, dict(os.environ, **changes))
    shown = wait_for(terminal, b">>> ")
    for step in steps:
        if step == "\x03":
            time.sleep(0.3)
        os.write(terminal, step.encode())
        shown += wait_for(terminal, b"? " if "raw_input('" in step else b">>> ", b"... ")
    status = wait_for_end(process, terminal, shown)
    return shown.replace(b"\r\n", b"\n").decode(), status


def wait_for(terminal, *prompts):
    """Read until a prompt comes, the terminal is closed, or nothing comes for *SILENCE* seconds."""
    shown = b""
    while select.select([terminal], [], [], SILENCE)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if part == b"":
            break
        shown += part
        if shown.endswith(prompts) and not select.select([terminal], [], [], 0.05)[0]:
            break
    return shown


def wait_for_end(process, terminal, shown):
    """The exit status; a failure that says what was shown where the process does not end."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            os.close(terminal)
            return status
        # What is written while nobody reads would keep the process from its end.
        if select.select([terminal], [], [], 0.01)[0]:
            try:
                os.read(terminal, 65536)
            except OSError:
                time.sleep(0.01)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(terminal)
    pytest.fail(f"the prompt does not end; it has shown {shown!r}")


@pytest.mark.parametrize("name", sorted(STEPS))
def test_the_prompt_shows_what_cpython_shows(ouro27, cpython27, name):
    expected, expected_status = converse([cpython27, "-S"], STEPS[name])
    shown, status = converse([ouro27, "-S"], STEPS[name])
    assert expected.startswith("Python 2.7.18 (")
    assert shown.startswith("Python 2.7.18 (Ouroboros)")
    assert (shown[shown.index(">>> "):], status) == (expected[expected.index(">>> "):], expected_status)


def test_the_startup_file_runs_before_the_first_prompt(ouro27, tmp_path):
    startup = tmp_path / "startup.py"
    startup.write_text("greeting = 'hello'\n1/0\n")
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(PYTHONSTARTUP=str(startup), TERM="dumb")
        os.execv(ouro27, [ouro27, "-S"])
    shown = wait_for(terminal, b">>> ")
    os.write(terminal, b"greeting\n")
    shown += wait_for(terminal, b"'hello'\r\n>>> ")
    os.write(terminal, b"\x04")
    shown += wait_for(terminal, b"never")
    assert wait_for_end(process, terminal, shown) == 0
    assert b"ZeroDivisionError" in shown and b"'hello'" in shown
