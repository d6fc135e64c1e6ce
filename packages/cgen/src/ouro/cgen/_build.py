"""C sources to an executable: compile in parallel, keep what did not change, link in one step.

Object files are kept in a cache folder by a hash of everything they depend on: the text, the run-time
header, the compiler and its arguments. The executable appears under its name only when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
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
    """The C compiler is missing, or it failed; the message holds its output."""

    #: The message is for the user; no traceback of the toolchain is needed.
    is_about_program = True


@define
class Platform:
    """The C compiler and what it is called with. `compiler` may hold arguments (`ccache gcc -m32`)."""

    compiler: str = field(factory=named_compiler)
    arguments: tuple[str, ...] = ()
    link_arguments: tuple[str, ...] = ()
    jobs: int = field(factory=lambda: os.cpu_count() or 1)

    def command(self) -> list[str]:
        """The compiler as the beginning of a command line.

        Raises CompilerError when there is none.
        """
        words = compiler_words(self.compiler)
        if words is None:
            raise CompilerError(f"{not_found(self.compiler)}; {HOW_TO_GET_ONE}")
        return words

    def identity(self) -> str:
        """What tells this compiler from another in the cache."""
        self.command()
        return compiler_identity(self.compiler)

    def run(self, arguments: Iterable[str], folder: Path | None = None) -> str:
        """Run the compiler; CompilerError with its messages when it fails."""
        command = [*self.command(), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=folder)
        if done.returncode != 0:
            messages = (done.stderr or done.stdout).strip()
            lines = messages.splitlines()
            if len(lines) > 40:
                messages = "\n".join([*lines[:40], f"... {len(lines) - 40} more lines"])
            raise CompilerError(f"the C compiler failed: {' '.join(command)}\n{messages}")
        return done.stdout

    def make(self, file: Path, arguments: Iterable[str], folder: Path | None = None) -> None:
        """Run the compiler with ``-o file``; CompilerError also where it says that all went well and writes nothing."""
        self.run([*arguments, "-o", str(file)], folder)
        if not file.exists() or file.stat().st_size == 0:
            raise CompilerError(
                f"the C compiler wrote nothing: {' '.join([*self.command(), *arguments])}\n"
                "help: name a C compiler with the variable CC, such as CC=gcc"
            )


def default_cache_folder() -> Path:
    """Where object files are kept: `objects` in `OURO_CACHE`, else in the user's cache folder."""
    given = os.environ.get("OURO_CACHE")
    base = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ouro"
    return base / "objects"


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
        jobs = []
        for file, text in sources.files.items():
            if file.endswith(".c"):
                digest = base.copy()
                digest.update(text.encode("utf-8", "surrogateescape"))
                jobs.append((file, cache / f"{Path(file).stem[:40]}-{digest.hexdigest()[:32]}.o"))
        jobs.sort(
            key=lambda job: -len(sources.files[job[0]])
        )  # the longest first, so that none comes last alone
        cache.mkdir(parents=True, exist_ok=True)
        compiled = _compile_all(platform, arguments, folder, jobs, on_progress)
        fresh = executable.with_name(f".{executable.name}.{os.getpid()}.tmp")
        try:
            libraries = [f"-l{library}" for library in (*sources.libraries, "m")]
            directories = [f"-L{directory}" for directory in sources.library_directories]
            objects = "\n".join(f'"{target}"' for _, target in sorted(jobs))
            (folder / "objects").write_text(objects)
            platform.make(
                fresh,
                [f"@{folder / 'objects'}", *LINK_ARGUMENTS, *platform.link_arguments, *sources.link_arguments,
                 *directories, *libraries],
            )  # fmt: skip
            os.replace(fresh, executable)
        finally:
            if fresh.exists():
                fresh.unlink()
    return compiled


def _compile_all(
    platform: Platform,
    arguments: list[str],
    folder: Path,
    jobs: list[tuple[str, Path]],
    on_progress: Callable[[int, int], None] | None,
) -> int:
    missing = [job for job in jobs if not job[1].exists()]
    finished = len(jobs) - len(missing)
    if on_progress is not None:
        on_progress(finished, len(jobs))

    def compile_one(job: tuple[str, Path]) -> None:
        file, target = job
        fresh = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        try:
            platform.make(fresh, [*arguments, "-c", file], folder)
            os.replace(fresh, target)
        finally:
            if fresh.exists():
                fresh.unlink()

    with ThreadPoolExecutor(max_workers=platform.jobs) as pool:
        futures = [pool.submit(compile_one, job) for job in missing]
        try:
            pending = set(futures)
            while pending:
                done, pending = wait(pending, return_when=FIRST_EXCEPTION, timeout=0.2)
                for future in done:
                    future.result()
                    finished += 1
                if on_progress is not None:
                    on_progress(finished, len(jobs))
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    return len(missing)
