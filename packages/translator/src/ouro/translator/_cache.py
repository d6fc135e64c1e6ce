"""Executables kept by what they were built from, so that a second run starts at once.

Each entry is a folder with the executable and a manifest: every source and data file that went in, the toolchain's and
those of installed packages too, and the executable itself, with size, modification time and hash. Checking an entry
costs one `stat` a file; a file whose time changed is hashed. (The direct mode of ccache.)
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ouro.translator._errors import UserError

MANIFEST = "manifest.json"
#: Where Python's own modules are.
_STANDARD_LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
#: Where this toolchain is: another one makes other executables.
_TOOLCHAIN = os.path.dirname(os.path.abspath(__file__))

#: Size, modification time and hash of a file.
FileState = tuple[int, int, str]
#: What each file was; `MISSING` for one that was looked for and not there.
Manifest = dict[str, FileState]
MISSING: FileState = (-1, 0, "")


def cache_folder() -> Path:
    """Where executables are kept: ``OURO_CACHE``, else the user's cache folder."""
    given = os.environ.get("OURO_CACHE")
    if given:
        return Path(given).absolute()  # the C compiler runs in a folder of its own
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "ouro"


def _hash(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


class ExecutableCache:
    """The cached executable of one target under one set of options.

    Args:
        target: the target file.
        options: everything else that the executable depends on, as a string.
    """

    def __init__(self, target: Path, options: str) -> None:
        search = os.environ.get("PYTHONPATH", "")
        parts = (str(target.resolve()), options, sys.version, sys.prefix, _TOOLCHAIN, search)
        key = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:24]
        self.folder = cache_folder() / f"{target.resolve().parent.name}-{key}"

    def find(self) -> Path | None:
        """The executable, where it is there and still what its sources give; else None."""
        try:
            manifest = self._manifest()
            executable = self.folder / _executable_name(manifest["executable"])
            states = [(str(executable), manifest["executable"]), *manifest["files"].items()]
            if all(_is_unchanged(path, tuple(state)) for path, state in states) and os.access(executable, os.X_OK):
                return executable
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            pass  # nothing there, or damaged: it is made again
        return None

    def store(self, executable: Path, manifest: Manifest) -> Path:
        """Move *executable* in, then replace the manifest: whoever looks sees the old entry or the new one, whole.

        The name of an executable holds its hash, so that no other process changes what a manifest names.
        """
        before = self._manifest()
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=self.folder.parent))
        try:
            shutil.move(str(executable), fresh / "executable")
            state = state_of(str(fresh / "executable"))
            (fresh / MANIFEST).write_text(json.dumps({"executable": state, "files": manifest}))
            kept = self.folder / _executable_name(state)
            os.replace(fresh / "executable", kept)
            os.replace(fresh / MANIFEST, self.folder / MANIFEST)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        with suppress(LookupError, TypeError, OSError):  # there was none, it was damaged, or it is gone already
            old = self.folder / _executable_name(before["executable"])
            if old != kept:
                old.unlink()
        return kept

    def _manifest(self) -> Any:
        """The manifest as it is in the file, whatever that may be; None where there is none."""
        try:
            return json.loads((self.folder / MANIFEST).read_text())
        except (OSError, ValueError):
            return None

    def run(self, executable: Path, arguments: list[str]) -> int:
        """Run the executable in place of this process where the system can; its exit status otherwise."""
        sys.stdout.flush()
        sys.stderr.flush()
        command = [str(executable), *arguments]
        if hasattr(os, "execv"):
            os.execv(command[0], command)
        return subprocess.run(command).returncode


def _executable_name(state: FileState) -> str:
    return f"executable-{state[2][:16]}"


def check_cache_folder() -> None:
    """Find out before the work that the cache can be used.

    Raises:
        UserError: it cannot.
    """
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = "this is no folder" if isinstance(error, FileExistsError) else error.strerror
        raise UserError(
            f"{folder}: cannot keep compiled files here: {reason}",
            "name a folder that you may write to with the variable OURO_CACHE",
        ) from error


def state_of(path: str) -> FileState:
    """What a file is now."""
    status = os.stat(path)
    return (status.st_size, status.st_mtime_ns, _hash(path))


def _is_unchanged(path: str, state: FileState) -> bool:
    if state == MISSING:
        return not os.path.exists(path)
    status = os.stat(path)
    return status.st_size == state[0] and (status.st_mtime_ns == state[1] or _hash(path) == state[2])


def manifest_of(files: Iterable[str], missing: Iterable[str] = ()) -> Manifest:
    """What the files are now; taken as they are read, it makes a later change of one of them show."""
    return {**{path: state_of(path) for path in files}, **dict.fromkeys(missing, MISSING)}


def is_of_python(path: str) -> bool:
    """Does a file belong to Python itself? The cache's key has its version; what is installed for it changes freely."""
    return path.startswith(_STANDARD_LIBRARY) and not any(
        f"{os.sep}{folder}{os.sep}" in path for folder in ("site-packages", "dist-packages")
    )


def loaded_sources() -> list[str]:
    """The files of all modules loaded now, installed packages and the toolchain too, but for the standard library."""
    found = set()
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and path:
            found.add(os.path.abspath(path))
    return sorted(path for path in found if not is_of_python(path) and os.path.isfile(path))
