"""``python -m ouro.translator`` and the `ouro` command."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command; its exit status. An interrupt while Python still imports it is one line too."""
    try:
        import signal  # this, and more so the rest, takes long enough for a Ctrl-C

        usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if usual:
            signal.signal(signal.SIGINT, _leave)
        from ouro.translator._command_line import main as command

        if usual:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return command()
    except KeyboardInterrupt:
        _leave()


def _leave(*_: object) -> NoReturn:
    """End at once: an exception in the middle of an import may come out as another one."""
    os.write(2, b"ouro: interrupted; nothing was written\n")
    os._exit(130)


TYPE_CHECKING = False  # importing `typing` takes long enough too
if TYPE_CHECKING:
    from typing import NoReturn

if __name__ == "__main__":
    sys.exit(main())
