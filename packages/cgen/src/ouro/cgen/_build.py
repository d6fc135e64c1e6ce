"""C sources to an executable: compile in parallel, keep what did not change, link in one step.

Object files are kept in a cache folder by a hash of everything they depend on: the text, the run-time
header, the compiler and its arguments. Behind it their names have a hash of the object itself, so that a damaged one is
found out and compiled again. The executable appears under its name only when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path

from attrs import define, field
from ouro.cgen._program import Sources
from ouro.rlib.c_compiler import HOW_TO_GET_ONE, compiler_identity, compiler_words, named_compiler, not_found

#: Wrapping arithmetic, memory seen through several types, no way in from other modules.
ARGUMENTS = (
    "-std=c11",
    "-fwrapv",
    "-fno-strict-aliasing",
    "-fno-pie",
    "-fvisibility=hidden",
    "-fno-delete-null-pointer-checks",
    "-fno-math-errno",
    "-fno-semantic-interposition",
    "-pthread",
    "-g1",
    "-w",
)
LINK_ARGUMENTS = ("-no-pie", "-pthread")
#: Pairs of pointers in vector registers cost interpreters more in moves than they save in loads and stores.
OPTIMISATION = {0: ("-O0",), 2: ("-O2", "-fno-plt", "-fno-stack-protector", "-fno-tree-slp-vectorize")}


class CompilerError(Exception):
    """The C compiler is missing, or it failed; the message holds its output.

    Args:
        message: what went wrong, and what the compiler said.
        suggestion: what to do about it.
    """

    def __init__(self, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.suggestion = suggestion


ANOTHER_COMPILER = "name a C compiler that works with the variable CC, such as CC=gcc"
AGAIN = "the machine may have been short of memory; start again: what was compiled is kept"
WHAT_MESSAGES_SAY = "see what the compiler says above; the variable CC names another one"


@define
class Runs:
    """The compilers that run now, each in a session of its own, so that one signal stops all that it has started."""

    _running: set[subprocess.Popen[str]] = field(factory=set)
    _lock: threading.Lock = field(factory=threading.Lock)
    _stopped: bool = False

    def run(self, command: list[str], folder: Path | None) -> tuple[int, str]:
        """Run a command to its end: its exit status and what it said. Nothing of it is left behind by an interrupt."""
        with self._lock:
            if self._stopped:
                return -signal.SIGTERM, ""
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                errors="replace", cwd=folder, start_new_session=True,
            )  # fmt: skip
            self._running.add(process)
        try:
            output, messages = process.communicate()
        except BaseException:
            self.stop()
            process.wait()
            raise
        finally:
            self._running.discard(process)
        return process.returncode, (messages or output).strip()

    def stop(self) -> None:
        """Stop those that run, and start no more."""
        with self._lock:
            self._stopped = True
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in list(self._running):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            patience = time.monotonic() + PATIENCE
            while any(process.poll() is None for process in list(self._running)) and time.monotonic() < patience:
                time.sleep(0.01)


#: Seconds that a compiler has to tidy up when it is stopped.
PATIENCE = 2.0


@define
class Platform:
    """The C compiler and what it is called with. `compiler` may hold arguments (`ccache gcc -m32`)."""

    compiler: str = field(factory=named_compiler)
    arguments: tuple[str, ...] = ()
    link_arguments: tuple[str, ...] = ()
    jobs: int = field(factory=lambda: os.cpu_count() or 1)
    _runs: Runs = field(factory=Runs, init=False, repr=False, eq=False)

    def command(self) -> list[str]:
        """The compiler as the beginning of a command line.

        Raises CompilerError when there is none.
        """
        words = compiler_words(self.compiler)
        if words is None:
            raise CompilerError(not_found(self.compiler), HOW_TO_GET_ONE)
        return words

    def identity(self) -> str:
        """What tells this compiler from another in the cache."""
        self.command()
        return compiler_identity(self.compiler)

    def run(self, arguments: Iterable[str], folder: Path | None = None) -> None:
        """Run the compiler; CompilerError with its messages when it fails."""
        command = [*self.command(), *arguments]
        try:
            status, messages = self._runs.run(command, folder)
        except OSError as error:
            message = f"cannot run the C compiler {command[0]}: {error.strerror}"
            raise CompilerError(message, ANOTHER_COMPILER) from error
        if status == 0:
            return
        lines = messages.splitlines()
        if len(lines) > 40:
            lines[40:] = [f"... {len(lines) - 40} more lines"]
        if status > 0:
            ending = f"failed with exit status {status}"
            suggestion = WHAT_MESSAGES_SAY if lines else ANOTHER_COMPILER
        else:
            ending = f"was ended by {_signal_name(-status)}"
            suggestion = AGAIN
        raise CompilerError("\n".join([f"the C compiler {ending}: {' '.join(command)}", *lines]), suggestion)

    def stop(self) -> None:
        """Stop the compilers that run, and start no more."""
        self._runs.stop()

    def make(self, file: Path, arguments: Iterable[str], folder: Path | None = None) -> None:
        """Run the compiler with ``-o file``; CompilerError also where it says that all went well and writes nothing."""
        self.run([*arguments, "-o", str(file)], folder)
        if not file.exists() or file.stat().st_size == 0:
            command = " ".join([*self.command(), *arguments])
            raise CompilerError(f"the C compiler wrote nothing: {command}", ANOTHER_COMPILER)


def _signal_name(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:  # one of the real-time signals
        return f"signal {number}"


def default_cache_folder() -> Path:
    """Where object files are kept: `objects` in `OURO_CACHE`, else in the user's cache folder."""
    given = os.environ.get("OURO_CACHE")
    base = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ouro"
    return base.absolute() / "objects"  # the C compiler runs in a folder of its own


def build(
    sources: Sources,
    executable: Path,
    optimisation: int = 2,
    platform: Platform | None = None,
    cache_folder: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> int:
    """Compile and link `sources` to `executable`, which appears whole or not at all.

    `on_progress(done, total)` is called after each file. Returns how many files were compiled (the rest came
    from the cache). Raises CompilerError.
    """
    platform = platform or Platform()
    cache = cache_folder or default_cache_folder()
    executable = Path(executable)
    identity = platform.identity()
    arguments = [*ARGUMENTS, *OPTIMISATION[optimisation], *platform.arguments, *sources.compile_arguments]
    arguments += [f"-I{folder}" for folder in sources.include_directories]
    with tempfile.TemporaryDirectory(prefix="ouro-") as name:
        folder = Path(name)
        for file, text in sources.files.items():
            (folder / file).write_text(text, encoding="utf-8", errors="surrogateescape")
        headers = "".join(text for file, text in sorted(sources.files.items()) if file.endswith(".h"))
        base = hashlib.sha256(f"{identity}\n{arguments}\n{headers}".encode("utf-8", "surrogateescape"))
        keys = {}
        for file, text in sources.files.items():
            if file.endswith(".c"):
                digest = base.copy()
                digest.update(text.encode("utf-8", "surrogateescape"))
                keys[file] = f"{Path(file).stem[:40]}-{digest.hexdigest()[:32]}"
        cache.mkdir(parents=True, exist_ok=True)
        made = _kept_objects(cache, keys)
        # the longest first, so that none comes last alone
        missing = sorted((file for file in keys if file not in made), key=lambda file: -len(sources.files[file]))
        compiled = len(missing)

        def compile_one(file: str) -> None:
            fresh = cache / f"{keys[file]}.{os.getpid()}.tmp"
            try:
                platform.make(fresh, [*arguments, "-c", file], folder)
                made[file] = cache / f"{keys[file]}.{_hash(fresh)}.o"
                os.replace(fresh, made[file])
            finally:
                fresh.unlink(missing_ok=True)

        _compile_all(platform, compile_one, missing, len(keys), on_progress)
        fresh = executable.with_name(f".{executable.name}.{os.getpid()}.tmp")
        try:
            libraries = [f"-l{library}" for library in (*sources.libraries, "m")]
            directories = [f"-L{directory}" for directory in sources.library_directories]
            objects = "\n".join(f'"{made[file]}"' for file in sorted(keys))
            (folder / "objects").write_text(objects)
            platform.make(
                fresh,
                [f"@{folder / 'objects'}", *LINK_ARGUMENTS, *platform.link_arguments, *sources.link_arguments,
                 *directories, *libraries],
            )  # fmt: skip
            os.replace(fresh, executable)
        except CompilerError as error:
            for kept in made.values():
                if str(kept) in str(error):  # perhaps the compiler has not written all of it
                    kept.unlink(missing_ok=True)
            raise
        finally:
            fresh.unlink(missing_ok=True)
    return compiled


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _kept_objects(cache: Path, keys: dict[str, str]) -> dict[str, Path]:
    """The object file of each source file that the cache has one for; those that are damaged are taken away.

    Args:
        cache: the folder of the objects.
        keys: source files, with the part of the names of their objects that says what they were made from.
    """
    files = {key: file for file, key in keys.items()}
    found: dict[str, Path] = {}
    for path in cache.glob("*.o"):
        key, _, hashed = path.stem.rpartition(".")
        if key in files and files[key] not in found:
            with suppress(FileNotFoundError):  # another process has taken it away
                if _hash(path) == hashed:
                    found[files[key]] = path
                else:
                    path.unlink()
    return found


def _compile_all(
    platform: Platform,
    compile_one: Callable[[str], None],
    missing: list[str],
    total: int,
    on_progress: Callable[[int, int], None] | None,
) -> None:
    """Compile the files that are missing; an error or an interrupt stops the compilers that run."""
    finished = total - len(missing)
    if on_progress is not None:
        on_progress(finished, total)
    with ThreadPoolExecutor(max_workers=platform.jobs) as pool:
        try:
            pending = {pool.submit(compile_one, file) for file in missing}
            while pending:
                done, pending = wait(pending, return_when=FIRST_EXCEPTION, timeout=0.2)
                for future in done:
                    future.result()
                    finished += 1
                if on_progress is not None:
                    on_progress(finished, total)
        except BaseException:
            platform.stop()
            raise
