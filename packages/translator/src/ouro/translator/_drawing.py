"""Graphs drawn by Graphviz on an HTML page.

The drawing is made from the text form, which flow graphs and typed graphs share: a block's label, its lines, and the
lines that lead to other blocks. One program of Graphviz draws all graphs of the page.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess

from ouro.translator._errors import UserError

_BLOCK = re.compile(r"  (\w+)\(.*\):\s*$")
_EXIT = re.compile(r"    (?:goto (?P<goto>\w+)\(|(?P<kind>case|try|except)\b(?P<case>.*?)-> (?P<target>\w+)\()")
#: Longer lines are cut in the drawing; the text below it has them whole.
_WIDEST = 110

_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 15px sans-serif; margin: 2em; }}
nav {{ columns: 4; margin-bottom: 2em; }}
details pre {{ background: #f6f6f6; padding: 1em; overflow-x: auto; }}
svg {{ max-width: 100%; height: auto; }}
</style></head><body><h1>{title}</h1>
<nav>{contents}</nav>
{sections}
</body></html>
"""


def graph_to_dot(text: str) -> str:
    """A graph in text form as a drawing for `dot`."""
    lines = ["digraph {", 'node [shape=box, fontname="monospace", fontsize=10]', 'edge [fontname="monospace"]']
    block = ""
    body: list[str] = []
    edges: list[str] = []

    def finish() -> None:
        if block:
            label = "".join(_escaped(line) + "\\l" for line in body)
            lines.append(f'{block} [label="{label}"]')

    for line in text.splitlines():
        start = _BLOCK.match(line)
        if start:
            finish()
            block, body = start.group(1), [line.strip()]
            continue
        leave = _EXIT.match(line)
        if leave and block:
            target = leave.group("goto") or leave.group("target")
            case = "" if leave.group("goto") else f"{leave.group('kind')}{leave.group('case')}".strip()
            edges.append(f'{block} -> {target} [label="{_escaped(case)[:40]}"]')
        if block and line.startswith("    "):
            body.append(line.strip())
    finish()
    lines += edges
    lines.append("}")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    text = text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
    return text.replace("\\", "\\\\").replace('"', '\\"')


def draw(texts: list[str]) -> list[str]:
    """SVG drawings of graphs.

    Raises:
        UserError: Graphviz is missing or fails.
    """
    if shutil.which("dot") is None:
        raise UserError("the program 'dot' was not found", "install Graphviz to draw graphs")
    source = "\n".join(map(graph_to_dot, texts))
    done = subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, text=True)
    if done.returncode != 0:
        raise UserError(f"Graphviz failed: {done.stderr.strip()}")
    return re.findall(r"<svg.*?</svg>", done.stdout, re.DOTALL)


def html_page(title: str, texts: list[str]) -> str:
    """A page with every graph: a drawing, and the text to open below it."""
    names = [match.group(1) if (match := re.search(r"graph (\S+)", text)) else "graph" for text in texts]
    contents = "\n".join(f'<a href="#g{i}">{html.escape(name)}</a><br>' for i, name in enumerate(names))
    sections = "\n".join(
        f'<h2 id="g{number}">{html.escape(name)}</h2>\n{svg}\n'
        f"<details><summary>text</summary><pre>{html.escape(text)}</pre></details>"
        for number, (name, svg, text) in enumerate(zip(names, draw(texts), texts))
    )
    return _PAGE.format(title=html.escape(title), contents=contents, sections=sections)
