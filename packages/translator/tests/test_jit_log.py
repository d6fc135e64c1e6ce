"""`ouro trace`: the log of a JIT as a page."""

import os
import re
import shutil
import subprocess

import pytest
from ouro.translator import UserError, main
from ouro.translator._jit_log import read_log
from ouro.translator._jit_page import trace_page

LOG = """\
the program's own output
[10] {jit-tracing
  [11] {jit-log-noopt
# loop1 (sums 3: <add>)
[i0, i1]
i2 = int_add(i0, 0)
  [12] jit-log-noopt}
  [13] {jit-log-opt
# loop1 (sums 3: <add>)
[i0, i1]
label(i0, i1, loop1.start)
debug_merge_point(0, 0, 3)  # 3: <add>
i4 = int_add(i1, i0)
debug_merge_point(0, 1, 4)  # 4: test
i6 = int_gt(i4, 0)
guard_true(i6) {i0, i4}  # guard 1
guard_class(r9, 4096) {i0, i4}  # guard 2, Point
jump(i0, i4, loop1.start)
  [14] jit-log-opt}
  [15] {jit-backend-dump
code loop loop1 1000 16
at 0 input_i 0 input_i 0 label 0 debug_merge_point 0 int_add 3 debug_merge_point 3 int_gt
at 3 guard_true c guard_class c jump
bytes 0 4801f84885c00f8e05000000e9efffffff6a00c3
bytes 14 9090
  [16] jit-backend-dump}
[17] jit-tracing}
[18] {jit-log-opt
# bridge of guard 1 of loop1
[i0, i1]
jump(i0, i1, loop1.start)
[19] jit-log-opt}
[1a] {jit-backend-dump
patch 1008 2000
[1b] jit-backend-dump}
[1c] {jit-abort
sums: trace too long
[1d] jit-abort}
[1e] {jit-guards
guard 1 of loop1: 200, then a bridge
[1f] jit-guards}
"""


@pytest.fixture
def log():
    return read_log(LOG.splitlines(), "LOG")


def test_loops_and_bridges_with_their_places(log):
    loop, bridge = log.traces
    assert (loop.loop, loop.where, loop.guard, loop.inputs) == ("loop1", "sums 3: <add>", None, "[i0, i1]")
    assert (bridge.loop, bridge.guard) == ("loop1", 1)
    assert [one.comment for one in loop.instructions if one.name == "debug_merge_point"] == ["3: <add>", "4: test"]
    assert loop.recording == ["[i0, i1]", "i2 = int_add(i0, 0)"] and bridge.recording == []


def test_failures_and_aborts(log):
    assert log.failures == {1: 200} and log.aborts == ["sums: trace too long"]
    assert [one.guard for one in log.traces[0].instructions if one.guard] == [1, 2]


def test_machine_code_stands_at_its_operation_with_later_patches(log):
    code = {one.name or one.comment: one.machine_code for one in log.traces[0].instructions}
    assert log.traces[0].size == 0x16
    assert code["int_add"] == ["1000  add rax, rdi"]
    assert code["guard_true"] == ["1003  test rax, rax", "1006  jle 0x2000"]
    assert [line.split("  ")[1] for line in code["jump"]] == ["jmp 0x1000"]
    assert code["the exits of the guards"][0] == "1011  push 0"


def test_machine_code_that_does_not_fit_is_shown_whole():
    text = LOG.replace("3 guard_true c guard_class", "c guard_class")
    code = read_log(text.splitlines(), "LOG").traces[0].instructions[-1]
    assert code.comment == "the whole machine code" and len(code.machine_code) > 4


def test_a_log_that_was_cut_off_is_shown_as_far_as_it_goes():
    log = read_log(LOG.splitlines()[:13], "LOG")
    assert [one.name for one in log.traces[0].instructions] == ["label", "debug_merge_point", "int_add"]


def test_the_page_links_guards_and_bridges(log):
    page = trace_page(log, "a <log>")
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'id="([^"]+)"', page))
    assert {"trace-0", "trace-1", "guard-1", "label-loop1.start"} <= targets
    assert "guard 2, Point" in page
    assert "failed 200 times" in page and "&lt;add&gt;" in page and "<add>" not in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "this is no log of a JIT"),
        ("hello\n", "this is no log of a JIT"),
        ("\x7fELF\x02\x01\n", "this is no log of a JIT"),
        ("[1] {gc-minor\n[2] gc-minor}\n", "this is no log of a JIT"),
        ("[1] {jit-guards\n[2] jit-guards}\n", "the log has no traces"),
        ("[1] {jit-summary\nrecordings: 0\n[2] jit-summary}\n", "the log has no traces"),
        (LOG.replace("bytes 0 ", "bytes 0 x"), "the machine code in the log is damaged"),
    ],
)
def test_a_bad_log_is_one_message(tmp_path, capsys, text, message):
    path = tmp_path / "bad.log"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        read_log(text.splitlines(), "LOG")
    assert main(["trace", str(path)]) == 1
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]


def test_the_command_writes_a_page_beside_the_log(tmp_path, capsys):
    path = tmp_path / "jit.log"
    path.write_text(LOG)
    assert main(["trace", str(path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'jit.html'}\n"
    assert "bridge of" in (tmp_path / "jit.html").read_text()
    assert main(["trace", str(path), "--output", str(path)]) == 1
    assert main(["trace", str(tmp_path / "nothing.log")]) == 1
    assert main(["trace", "."]) == 1
    assert ".: cannot read the log" in capsys.readouterr().err
    assert path.read_text() == LOG


_CLICKS = """
<script>
box.value = 'guard_true'; search();
document.body.dataset.found = count.textContent;
document.body.dataset.rows = [...document.querySelectorAll('.row:not(.hidden)')].map(row => row.textContent).join('|');
box.value = ''; search();
document.body.dataset.all = document.querySelectorAll('.row.hidden').length;
document.getElementById('machine').click();
document.querySelector('.v').click();
document.body.dataset.lit = [...document.querySelectorAll('.v.lit')].map(value => value.textContent).join(' ');
</script>
"""


def test_the_page_works_in_a_browser(log, tmp_path):
    """Search, machine code and the marks on values."""
    browser = shutil.which("chromium")
    if browser is None:
        assert not os.environ.get("CI"), "chromium, of debian-packages.txt, is missing"
        pytest.skip("needs chromium")
    page = tmp_path / "page.html"
    page.write_text(trace_page(log, "log") + _CLICKS)
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--dump-dom"]
    result = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=120)
    body = re.search("<body.*?>", result.stdout, re.DOTALL).group()
    assert 'data-found="1 lines in 1 traces"' in body
    assert 'data-rows="guard_true(i6) {i0, i4} guard 1' in body
    assert 'data-all="0"' in body and 'class="machine"' in body
    assert re.search(r'data-lit="(i0 ?)+"', body)
