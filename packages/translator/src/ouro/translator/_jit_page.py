"""The page of `ouro trace`: what a JIT has compiled, as one HTML file that needs nothing else.

A list of traces with the largest counts of failures in sight; each trace grouped by the instructions of the interpreted
program; guards with the number of their failures and a link to their bridge; jumps with a link to their label; machine
code below the operations that became it. A search box shows the traces that hold a text, and only their lines with it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from attrs import define, field
from ouro.translator._jit_log import Instruction, JitLog, LoggedTrace

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #888; --accent: #06c; --hot: #c30; --wash: #8881; }
@media (prefers-color-scheme: dark) { :root { --accent: #6bf; --hot: #f85; } }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 22rem 1fr; height: 100vh; font: 14px system-ui, sans-serif; }
nav { overflow: auto; border-right: 1px solid var(--line); padding: 1rem; }
main { overflow: auto; padding: 1rem 2rem 50vh; }
h1 { font-size: 1.1rem; margin: 0 0 .7rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2rem 0 .3rem; position: sticky; top: -1rem; background: Canvas; padding: .4rem 0; }
input[type=search] { width: 100%; font: inherit; padding: .4rem .6rem; margin-bottom: .4rem; }
nav label { display: block; margin: .2rem 0; }
nav ol { list-style: none; padding: 0; margin: .8rem 0; }
nav li { padding: .15rem 0; overflow-wrap: anywhere; }
nav li.bridge { padding-left: 1.2rem; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
small, .where { color: var(--soft); }
.where { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.failures { color: var(--hot); font-weight: 600; white-space: nowrap; }
.group { border-left: 3px solid var(--line); margin: .35rem 0; padding-left: .7rem; }
.group > .where { background: var(--wash); padding: .1rem .3rem; }
pre { margin: 0; font: 12.5px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.op:target, .op.lit { background: #fd06; }
.kept { color: var(--soft); }
.code { color: var(--soft); padding-left: 3rem; display: none; }
body.machine .code { display: block; }
.v.lit { background: #fd08; border-radius: 2px; }
mark { background: #fd0; color: #000; }
.hidden { display: none !important; }
details > summary { cursor: pointer; color: var(--soft); }
"""

_SCRIPT = """
const box = document.getElementById('search'), count = document.getElementById('count');
const sections = [...document.querySelectorAll('section')];
const links = new Map([...document.querySelectorAll('nav li')].map(item => [item.dataset.trace, item]));
function plain(node) {
  for (const mark of node.querySelectorAll('mark')) mark.replaceWith(mark.textContent);
  node.normalize();
}
function marked(node, text) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const part of found) {
    let at = part.textContent.toLowerCase().indexOf(text), rest = part;
    while (at >= 0) {
      const hit = rest.splitText(at); rest = hit.splitText(text.length);
      const mark = document.createElement('mark'); hit.replaceWith(mark); mark.append(hit);
      at = rest.textContent.toLowerCase().indexOf(text);
    }
  }
}
function search() {
  const text = box.value.trim().toLowerCase();
  let hits = 0, traces = 0;
  for (const section of sections) {
    let own = 0;
    const title = text !== '' && section.querySelector('h2').textContent.toLowerCase().includes(text);
    for (const row of section.querySelectorAll('.row')) {
      plain(row);
      const hit = text !== '' && row.textContent.toLowerCase().includes(text);
      if (hit) { own++; marked(row, text); }
      row.classList.toggle('hidden', text !== '' && !hit && !title);
    }
    for (const group of section.querySelectorAll('.group'))
      group.classList.toggle('hidden', !group.querySelector('.row:not(.hidden)'));
    const shown = text === '' || own > 0 || title;
    section.classList.toggle('hidden', !shown);
    links.get(section.id).classList.toggle('hidden', !shown);
    hits += own; if (shown) traces++;
  }
  count.textContent = text === '' ? '' : hits + ' lines in ' + traces + ' traces';
}
let waiting = 0;
box.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
document.getElementById('machine').addEventListener('change',
  event => document.body.classList.toggle('machine', event.target.checked));
document.querySelector('main').addEventListener('click', event => {
  const value = event.target.closest('.v');
  if (!value) return;
  const section = value.closest('section'), lit = value.classList.contains('lit');
  for (const other of section.querySelectorAll('.v.lit')) other.classList.remove('lit');
  if (!lit) for (const other of section.querySelectorAll('.v'))
    if (other.textContent === value.textContent) other.classList.add('lit');
});
addEventListener('hashchange', () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target && target.closest('.hidden')) { box.value = ''; search(); target.scrollIntoView(); }
});
"""

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head><body>
<nav><h1>{title}</h1>
<input type="search" id="search" placeholder="search: operation, line, guard 12, i37 ..." autofocus>
<small id="count"></small>
<label><input type="checkbox" id="machine"{without_code}> machine code</label>
<ol>{contents}</ol>
{counts}</nav>
<main>{sections}</main>
<script>{script}</script></body></html>
"""

_VALUE = re.compile(r"\b[irf]\d+\b")


@define
class _Page:
    """What the parts of the page need to know of one another."""

    log: JitLog
    #: The anchor of the trace that goes on behind a guard.
    bridges: dict[int, str] = field(factory=dict)
    #: The anchors of labels by the names of their targets.
    labels: dict[str, str] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for number, trace in enumerate(self.log.traces):
            if trace.guard is not None:
                self.bridges[trace.guard] = f"trace-{number}"
            for instruction in trace.instructions:
                if instruction.name == "label":
                    self.labels[_target(instruction)] = "label-" + _target(instruction)

    # ---- the list

    def contents(self) -> Iterator[str]:
        for number, trace in enumerate(self.log.traces):
            kind = "loop" if trace.guard is None else "bridge"
            failed = self._failures_in(trace)
            yield (
                f'<li class="{kind}" data-trace="trace-{number}"><a href="#trace-{number}">{_text(trace.title)}</a> '
                f"<small>{len(trace.instructions)} operations</small> {failed}"
                + (f'<br><span class="where">{_text(trace.where)}</span>' if trace.where else "") + "</li>"
            )

    def counts(self) -> Iterator[str]:
        for title, lines in (("aborts", self.log.aborts), ("summary", self.log.summary)):
            if lines:
                yield f"<details><summary>{title}</summary><pre>{_text(chr(10).join(lines))}</pre></details>\n"

    def _failures_in(self, trace: LoggedTrace) -> str:
        total = sum(self.log.failures.get(guard, 0) for one in trace.instructions if (guard := one.guard) is not None)
        return f'<span class="failures">{_counted(total, "failure")}</span>' if total else ""

    # ---- one trace

    def section(self, number: int, trace: LoggedTrace) -> Iterator[str]:
        yield f'<section id="trace-{number}"><h2>{self._heading(trace)}</h2>\n'
        size = f", {trace.size} bytes of machine code" if trace.size else ""
        yield f"<small>{len(trace.instructions)} operations{size}</small>\n"
        if trace.recording:
            text = _text("\n".join(trace.recording))
            yield f"<details><summary>as recorded: {len(trace.recording)} lines</summary><pre>{text}</pre></details>\n"
        yield f'<div class="group"><pre class="row">{_values(trace.inputs)}</pre>\n'
        for instruction in trace.instructions:
            if instruction.name in ("debug_merge_point", ""):
                indent = f' style="margin-left: {1.2 * _depth(instruction):.1f}rem"' if _depth(instruction) else ""
                heading = _text(instruction.comment or instruction.text)
                yield f'</div><div class="group"{indent}><div class="where row">{heading}</div>\n'
            else:
                yield self._row(instruction)
            if instruction.machine_code:
                yield f'<pre class="code">{_text(chr(10).join(instruction.machine_code))}</pre>\n'
        yield "</div></section>\n"

    def _heading(self, trace: LoggedTrace) -> str:
        if trace.guard is None:
            return f'{_text(trace.loop)} <span class="where">{_text(trace.where)}</span>'
        return f'bridge of <a href="#guard-{trace.guard}">guard {trace.guard}</a> of {_text(trace.loop)}'

    def _row(self, instruction: Instruction) -> str:
        anchor, notes = "", ""
        text = _values(instruction.text)
        guard = instruction.guard
        if guard is not None:
            anchor = f' id="guard-{guard}"'
            notes = f' <small>{_text(instruction.comment)}</small>{self._guard_notes(guard)}'
            front, bracket, kept = text.rpartition(" {")
            text = f'{front}<span class="kept"> {{{kept}</span>' if bracket else text
        elif instruction.name == "label":
            anchor = f' id="{_text(self.labels[_target(instruction)])}"'
        elif instruction.name == "jump":
            place = self.labels.get(_target(instruction))
            notes = f' <a href="#{_text(place)}">to {_text(_target(instruction))}</a>' if place else ""
        elif instruction.comment:
            notes = f' <small>{_text(instruction.comment)}</small>'
        return f'<pre class="op row"{anchor}>{text}{notes}</pre>\n'

    def _guard_notes(self, guard: int) -> str:
        notes = ""
        failures = self.log.failures.get(guard, 0)
        if failures:
            notes += f' <span class="failures">failed {_counted(failures, "time")}</span>'
        if guard in self.bridges:
            notes += f' <a href="#{self.bridges[guard]}">→ bridge</a>'
        return notes


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _text(text: str) -> str:
    return html.escape(text)


def _values(text: str) -> str:
    """A line with its values as elements that a click can light up."""
    return _VALUE.sub(lambda found: f'<span class="v">{found.group()}</span>', _text(text))


def _target(instruction: Instruction) -> str:
    """The name of the target of a label or jump: its last operand."""
    return instruction.text.rpartition("(")[2].rstrip(")").rpartition(", ")[2]


def _depth(instruction: Instruction) -> int:
    """How many calls deep a `debug_merge_point` is: its second operand."""
    words = instruction.text.partition("(")[2].split(", ")
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


def trace_page(log: JitLog, title: str) -> str:
    """The page for a log."""
    page = _Page(log)
    return _PAGE.format(
        title=_text(title), style=_STYLE, script=_SCRIPT,
        without_code="" if any(trace.size for trace in log.traces) else " disabled",
        contents="\n".join(page.contents()), counts="".join(page.counts()),
        sections="".join(part for number, trace in enumerate(log.traces) for part in page.section(number, trace)),
    )
