"""``python -m ouro.translator`` and the `ouro` command."""

import sys

from ouro.translator._command_line import main

if __name__ == "__main__":
    sys.exit(main())
