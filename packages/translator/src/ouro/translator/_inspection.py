"""What `ouro dump` and `ouro view` show: the graphs of a target file after any stage, as text."""

from __future__ import annotations

import io
import types
from collections.abc import Iterator
from typing import Any

from ouro import annotator, flowspace, graphopt, rtyper
from ouro.jitcore import codewriter, portal
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.jitcode.text import print_jitcode
from ouro.translator._drawing import html_page
from ouro.translator._entry import start_function
from ouro.translator._errors import UserError
from ouro.translator._progress import Progress
from ouro.translator._target import Target
from ouro.translator.pipeline import Options, Translation
from rich.console import Console


def dump(target: Target, stage: str, function: str | None) -> Iterator[str]:
    """The texts of a target's graphs after a stage; of those whose name contains `function` where that is given."""
    if stage == "flow":
        for graph in reachable_flow_graphs(target.entry_point):
            if function is None or function in graph.name:
                yield flowspace.print_graph(graph)
        return
    if stage == "jitcodes":
        yield from jitcode_texts(target, function)
        return
    translation = translate_up_to(target, stage)
    if stage == "annotated":
        for graph in translation.annotated.graphs:
            if function is None or function in graph.name:
                yield annotated_text(graph)
    elif stage == "c":
        for name, text in translation.generate().files.items():
            if function is None or function in name:
                yield f"/* ---- {name} */\n{text}"
    else:
        program = translation.typed
        if function is None:
            yield rtyper.print_program(program)
        else:
            for graph in program.graphs:
                if function in graph.name:
                    yield rtyper.print_typed_graph(graph)


def jitcode_texts(target: Target, function: str | None) -> Iterator[str]:
    """What the JIT generator's codewriter makes of a target: for each function that the tracer looks into its jitcode.

    Raises:
        UserError: the target has no interpreter loop.
    """
    program = rtyper.specialize(annotator.annotate(start_function(target.entry_point), []))
    portals = portal.split_portals(program)
    if not portals:
        raise UserError(
            f"{target.path}: the program has no interpreter loop for a JIT",
            "call JitDriver.jit_merge_point at the head of the loop",
        )
    graphopt.optimize(program, limits=graphopt.InlineLimits(for_jit=True))
    descriptors = DescriptorTable(program.instance_types)
    written = codewriter.write_jitcodes(program, portals, descriptors)
    names = codewriter.program_names(program, descriptors)
    for jitcode in written.jitcodes:
        if function is None or function in jitcode.name:
            yield print_jitcode(written, jitcode, names)


def translate_up_to(target: Target, stage: str) -> Translation:
    """Run the pipeline up to a stage, silently."""
    options = Options(target.driver.optimisation, target.driver.collector)
    translation = Translation(target, options, Progress(Console(file=io.StringIO()), quiet=True))
    steps = {
        "annotated": translation.annotate,
        "typed": translation.specialize,
        "optimised": translation.optimize,
        "collected": translation.collect,
    }
    for name, step in steps.items():
        step()
        if name == stage:
            break
    return translation


def reachable_flow_graphs(entry_point: Any) -> Iterator[flowspace.FunctionGraph]:
    """Flow graphs of a function and of the functions that they name as constants, before any inference."""
    pending = [entry_point]
    seen = {entry_point}
    while pending:
        graph = flowspace.build_flow(pending.pop(0))
        yield graph
        for _, operation in graph.iterblockops():
            for argument in operation.args:
                value = getattr(argument, "value", None)
                if isinstance(value, types.FunctionType) and value not in seen:
                    seen.add(value)
                    pending.append(value)


def annotated_text(graph: flowspace.FunctionGraph) -> str:
    """A flow graph and, behind it, what was inferred for each variable."""
    lines = [flowspace.print_graph(graph).rstrip()]
    for block in graph.iterblocks():
        for variable in [*block.inputargs, *(operation.result for operation in block.operations)]:
            if variable.annotation is not None:
                lines.append(f"  # {variable.name}: {variable.annotation}")
    return "\n".join(lines) + "\n"


def page(target: Target, stage: str, function: str | None) -> str | None:
    """The HTML page with the graphs of a target after a stage; None where no graph has such a name.

    Raises:
        UserError: Graphviz is missing.
    """
    texts = list(dump(target, stage, function))
    if stage in ("typed", "optimised", "collected") and function is None:
        texts = graphs_in(texts[0])
    return html_page(f"{target.path.name}, {stage}", texts) if texts else None


def graphs_in(program_text: str) -> list[str]:
    """The graphs in the text of a program."""
    texts, current = [], None
    for line in program_text.splitlines():
        if line.startswith("graph "):
            current = [line]
        elif current is not None:
            current.append(line)
            if line == "}":
                texts.append("\n".join(current))
                current = None
    return texts
