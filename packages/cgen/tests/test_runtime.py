"""The run-time support in C: threads, locks, signals, memory, the debug log."""

import os
import signal
import subprocess

THREADS = """
type %shared = Struct shared (value: Signed, lock: Address)
extern @start: Func(Ptr(Func() -> Void)) -> Signed {'name': 'start', 'external': 'ouro_thread_start'}
extern @new: Func() -> Address {'name': 'new', 'external': 'ouro_lock_new'}
extern @acquire: Func(Address, SignedLongLong) -> Signed {'name': 'acquire', 'external': 'ouro_lock_acquire'}
extern @release: Func(Address) -> Signed {'name': 'release', 'external': 'ouro_lock_release'}
data $shared: %shared = {value: 1, lock: ?}
graph @other -> Void {
  block0():
    setfield((Ptr(%shared) $shared), .value, 42)
    lock: Address = getfield((Ptr(%shared) $shared), .lock)
    r: Signed = direct_call((Ptr(Func(Address) -> Signed) @release), lock)
    goto return(None)
}
graph @main -> Signed {
  block0():
    lock: Address = direct_call((Ptr(Func() -> Address) @new))
    setfield((Ptr(%shared) $shared), .lock, lock)
    a: Signed = direct_call((Ptr(Func(Address, SignedLongLong) -> Signed) @acquire), lock, (SignedLongLong -1))
    b: Signed = direct_call((Ptr(Func(Address, SignedLongLong) -> Signed) @acquire), lock, (SignedLongLong 1000))
    t: Signed = direct_call((Ptr(Func(Ptr(Func() -> Void)) -> Signed) @start), (Ptr(Func() -> Void) @other))
    c: Signed = direct_call((Ptr(Func(Address, SignedLongLong) -> Signed) @acquire), lock, (SignedLongLong -1))
    v: Signed = getfield((Ptr(%shared) $shared), .value)
    ac: Signed = int_add(a, c)
    abc: Signed = int_add(ac, b)
    r: Signed = int_add(v, abc)
    goto return(r)
}
entry @main
"""


def test_a_thread_runs_while_another_waits_for_a_lock(runner):
    assert runner.run(THREADS).returncode == 42 + 1 + 0 + 1


SIGNALS = """
extern @note: Func(Signed) -> Signed {'name': 'note', 'external': 'ouro_signal_note'}
extern @next: Func() -> Signed {'name': 'next', 'external': 'ouro_signal_next'}
extern @kill: Func(Signed, Signed) -> Signed {'name': 'kill', 'external': 'kill', 'includes': ('signal.h',)}
extern @getpid: Func() -> Signed {'name': 'getpid', 'external': 'getpid', 'includes': ('unistd.h',)}
graph @main -> Signed {
  block0():
    a: Signed = direct_call((Ptr(Func(Signed) -> Signed) @note), 10)
    p: Signed = direct_call((Ptr(Func() -> Signed) @getpid))
    k: Signed = direct_call((Ptr(Func(Signed, Signed) -> Signed) @kill), p, 10)
    s: Signed = direct_call((Ptr(Func() -> Signed) @next))
    z: Signed = direct_call((Ptr(Func() -> Signed) @next))
    r: Signed = int_add(s, z)
    goto return(r)
}
entry @main
"""


def test_signals_are_noted_and_asked_for_once(runner):
    assert signal.SIGUSR1 == 10
    assert runner.run(SIGNALS).returncode == 10


MEMORY = """
type %block = Struct block (length: Signed, items: Array(Signed))
graph @main -> Signed {
  block0():
    p: Ptr(%block) = malloc_varsize(type %block, void {'flavor': 'raw', 'zero': True}, COUNT)
    try -> good(p)
    except (Ptr(%object_vtable) $MemoryError_vtable) (t: Ptr(%object_vtable), v: Ptr(%object)) -> return(3)
  good(q: Ptr(%block)):
    n: Signed = getinteriorarraysize(q, .items)
    last: Signed = int_sub(n, 1)
    z: Signed = getinteriorfield(q, .items, last)
    free(q, void {'flavor': 'raw'})
    r: Signed = int_add(n, z)
    goto return(r)
}
entry @main
"""


def test_raw_memory_has_its_length_and_zeros(runner):
    assert runner.run(MEMORY.replace("COUNT", "9")).returncode == 9


def test_sizes_beyond_memory_raise_memory_error(runner):
    assert runner.run(MEMORY.replace("COUNT", str(2**60))).returncode == 3
    assert runner.run(MEMORY.replace("COUNT", str(2**63 - 1))).returncode == 3
    assert runner.run(MEMORY.replace("COUNT", "-1")).returncode == 3


ERRNO = """
extern @close: Func(Signed) -> Signed {'name': 'close', 'external': 'close', 'includes': ('unistd.h',),
    'saves_errno': True, 'releases_gil': True}
graph @main -> Signed {
  block0():
    a: Signed = direct_call((Ptr(Func(Signed) -> Signed) @close), 12345)
    e: Signed = get_saved_errno()
    r: Signed = int_sub(e, a)
    goto return(r)
}
entry @main
"""


def test_errno_of_a_failed_call_is_kept(runner):
    assert runner.run(ERRNO.replace(",\n    'saves", ", 'saves")).returncode == 9 + 1


LOG = """
data $text: %string[5] = {hash: 0, chars: 'hello'}
graph @main -> Signed {
  block0():
    debug_start(void 'section')
    debug_print((Ptr(%string) $text), 5, 1.5, 'x')
    debug_stop(void 'section')
    goto return(0)
}
entry @main
"""


def test_the_debug_log_goes_to_the_named_file(runner, tmp_path):
    assert runner.run(LOG).stderr == ""
    log = tmp_path / "log"
    subprocess.run([str(tmp_path / "program")], env={**os.environ, "OUROLOG": str(log)}, check=True)
    first, printed, last = log.read_text().splitlines()
    assert first.endswith("{section") and printed == "hello 5 1.5 x" and last.endswith("section}")


def test_the_debug_log_has_the_sections_that_are_asked_for(runner, tmp_path):
    log = tmp_path / "log"
    text = LOG.replace("    debug_print", "    debug_start(void 'other')\n    debug_print")
    text = text.replace("    debug_stop", "    debug_stop(void 'other')\n    debug_print(7)\n    debug_stop")
    runner.run(text)
    for setting, expected in (("sec,x", ["{section", "7", "section}"]), ("oth", ["{other", "hello 5 1.5 x", "other}"]),
                              ("none", [])):
        log.unlink(missing_ok=True)
        subprocess.run([str(tmp_path / "program")], env={**os.environ, "OUROLOG": f"{setting}:{log}"}, check=True)
        lines = log.read_text().splitlines()
        assert [line.rpartition("] ")[2].strip() for line in lines] == expected


def test_a_debug_log_that_cannot_be_written_is_reported(runner, tmp_path):
    assert runner.run(LOG).stderr == ""
    for setting in (f"{tmp_path}/none/log", f"sec:{tmp_path}/none/log"):
        done = subprocess.run([str(tmp_path / "program")], env={**os.environ, "OUROLOG": setting}, check=True,
                              capture_output=True, text=True)
        assert done.stderr == f"OUROLOG: cannot write {tmp_path}/none/log: No such file or directory\n"


ASSERTION = """
graph @main file 'check.py' 1 -> Signed {
  block0():
    debug_assert(False, void 'never') !4:0:1
    goto return(5)
}
entry @main
"""


def test_assertions_are_tested_in_debug_builds_only(runner):
    assert runner.run(ASSERTION).returncode == 5
    done = runner.run(ASSERTION, debug=True)
    assert done.returncode == -signal.SIGABRT
    assert 'File "check.py", line 4, in main' in done.stderr and "AssertionError: never" in done.stderr
