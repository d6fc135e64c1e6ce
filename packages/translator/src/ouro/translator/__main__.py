"""``python -m ouro.translator`` and the `ouro` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command; its exit status. An interrupt while Python still imports it is one line too."""
    try:
        from ouro.translator._command_line import main as command  # takes long enough for a Ctrl-C

        return command()
    except KeyboardInterrupt:
        sys.stderr.write("ouro: interrupted; nothing was written\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
