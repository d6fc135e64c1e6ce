"""Runs the commands of a page of the guide, and compares what they print with what the page shows.

A block of `sh` is run by bash in a folder with links to the folders of the repository, one folder for a page. A block
of `text` behind it is what it prints, standard error too. `python tests/documents.py --bless PAGE ...` writes what they
print now into the pages.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
_BLOCKS = re.compile(r"^```sh\n(?P<commands>.*?)^```\n(?:\s*^```text\n(?P<output>.*?)^```\n)?", re.M | re.S)


def _run(commands, folder, timeout):
    programs = folder / "bin"
    if not programs.exists():
        programs.mkdir()
        for name, arguments in (("ouro", "-m ouro.translator"), ("python", "")):
            (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
            (programs / name).chmod(0o755)
        for name in ("examples", "packages", "docs", "tests"):
            (folder / name).symlink_to(ROOT / name)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    environment.pop("OUROLOG", None)
    result = subprocess.run(
        ["bash", "-e", "-c", commands], cwd=folder, env=environment, timeout=timeout, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    assert result.returncode == 0, f"status {result.returncode} of\n{commands}{result.stdout}"
    return result.stdout


def run_page(page, timeout=300):
    """Run the blocks of a page.

    Returns:
        The text of the page with what its commands print now.
    """
    text = page.read_text()
    with tempfile.TemporaryDirectory() as name:
        def replaced(block):
            output = _run(block["commands"], Path(name), timeout)
            if block["output"] is None:
                return block[0]
            start, end = block.start("output") - block.start(), block.end("output") - block.start()
            return block[0][:start] + output + block[0][end:]

        return _BLOCKS.sub(replaced, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bless", action="store_true", required=True)
    parser.add_argument("pages", nargs="+", type=Path)
    for page in parser.parse_args().pages:
        page.write_text(run_page(page))


if __name__ == "__main__":
    main()
