"""Graphs as HTML pages with SVG drawings, for flow graphs and typed graphs alike.

Graphviz draws; where it is missing the page holds the text form alone.
"""

from __future__ import annotations

import html
import shutil
import subprocess
from collections.abc import Iterable
from typing import Any, Callable

from ouro.flowspace._model import LAST_EXCEPTION, Block, FunctionGraph, Link, Variable
from ouro.flowspace._text import print_graph

_STYLE = (
    "body { font-family: sans-serif; margin: 2em } pre { background: #f6f6f6; padding: 1em; overflow: auto }"
    " svg { max-width: 100% } h2 { border-top: 1px solid #ccc; padding-top: 1em } nav a { margin-right: 1em }"
)

TextOf = Callable[[FunctionGraph], str]


def graph_to_dot(graph: FunctionGraph, text_of: TextOf = print_graph) -> str:
    """The graph in Graphviz's language.

    `text_of` prints the graph with a block a paragraph, as the text forms of both graph languages do: the
    drawing has the same names and labels as the text.
    """
    paragraphs = _paragraphs(text_of(graph))
    blocks = [b for b in graph.iterblocks() if b is not graph.returnblock and b is not graph.exceptblock]
    names: dict[Block, str] = {graph.returnblock: "return", graph.exceptblock: "raise"}
    lines = [
        'digraph "graph" {',
        '  node [shape=box fontname="monospace" fontsize=10];',
        "  edge [fontsize=9];",
    ]
    for block, (label, body) in zip(blocks, paragraphs):
        names[block] = label
        lines.append(f"  {label} [label={_quote(body)}];")
    lines.append('  "return" [shape=ellipse]; "raise" [shape=ellipse color=red];')
    for block in blocks:
        for index, link in enumerate(block.exits):
            lines.append(f"  {names[block]} -> {names[link.target]} [{_edge(block, link, index)}];")
    lines.append("}")
    return "\n".join(lines) + "\n"


def _edge(block: Block, link: Link, index: int) -> str:
    if block.exitswitch is LAST_EXCEPTION and index:
        case = getattr(link.exitcase, "__name__", None) or str(link.exitcase)
        return f"label={_quote(case)} color=red style=dashed"
    if isinstance(block.exitswitch, Variable):
        return f"label={_quote(repr(link.exitcase))}"
    return ""


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\l")
    return f'"{escaped}"'


def _paragraphs(text: str) -> list[tuple[str, str]]:
    """Label and lines of each block in the text of one graph, exits left out."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        stripped = line.strip()
        if line.startswith("  ") and not line.startswith("   ") and stripped.endswith(":"):
            found.append((stripped.partition("(")[0], [stripped]))
        elif (
            found
            and line.startswith("    ")
            and not stripped.startswith(("goto ", "case ", "try ", "except "))
        ):
            found[-1][1].append("  " + stripped)
    return [(label, "\n".join(lines) + "\n") for label, lines in found]


def graphs_to_html(graphs: Iterable[FunctionGraph], title: str, text_of: Any = print_graph) -> str:
    """One page with a drawing, the text and the source of each graph."""
    parts = []
    index = []
    for number, graph in enumerate(graphs):
        name = html.escape(graph.name)
        index.append(f'<a href="#g{number}">{name}</a>')
        where = html.escape(f"{graph.filename}:{graph.firstlineno}") if graph.filename else ""
        source = f"<details><summary>source</summary><pre>{html.escape(graph.source or '')}</pre></details>"
        parts.append(
            f'<h2 id="g{number}">{name}</h2><p>{where}</p>{_draw(graph_to_dot(graph, text_of))}'
            f"<details><summary>text</summary><pre>{html.escape(text_of(graph))}</pre></details>"
            + (source if graph.source else "")
        )
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{html.escape(title)}</h1><nav>{''.join(index)}</nav>"
        f"{''.join(parts)}</body></html>\n"
    )


def _draw(dot: str) -> str:
    """The SVG of a drawing, or a note where Graphviz is missing."""
    program = shutil.which("dot")
    if program is None:
        return "<p>Graphviz (the program <code>dot</code>) is not installed: no drawing.</p>"
    done = subprocess.run([program, "-Tsvg"], input=dot, capture_output=True, text=True, check=True)
    return done.stdout[done.stdout.index("<svg") :]
