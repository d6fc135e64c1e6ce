"""The pipeline on one page: one call a stage, from the entry point of a target to an executable."""

from __future__ import annotations

import gc as host_collector
from pathlib import Path
from typing import Any

from attrs import define, field
from ouro import annotator, cgen, gc, graphopt, rtyper
from ouro.annotator import annotations as inferred
from ouro.jitcore.portal import has_portals
from ouro.jitcore.translation import add_jit
from ouro.translator._entry import start_function
from ouro.translator._jit_backends import has_native_backend, start_backend
from ouro.translator._progress import Progress
from ouro.translator._target import Target, wrong_result


@define(frozen=True)
class Options:
    """How to translate: the C optimisation level (0 or 2), the collector, whether to verify between stages, whether
    programs with a `JitDriver` get a JIT (None: where there is machine code for it), and with which backend (None: the
    best).
    """

    optimisation: int = 2
    collector: str = "generational"
    verify: bool = False
    jit: bool | None = None
    jit_backend: str | None = None

    def wants_jit(self) -> bool:
        """Do programs with a `JitDriver` get a JIT?"""
        if self.jit is not None:
            return self.jit
        return self.jit_backend is not None or has_native_backend(self.collector)


@define
class Translation:
    """One run of the pipeline; every stage keeps its result, so that a command may stop where it likes."""

    target: Target
    options: Options
    progress: Progress
    annotated: Any = None
    typed: Any = None
    collected: Any = None
    _reports: dict[str, int] = field(factory=dict)

    def annotate(self) -> None:
        """Flow graphs of all that the entry point reaches, with the inferred type of every variable."""
        with self.progress.stage("annotate") as stage:
            self.annotated = annotator.annotate(start_function(self.target.entry_point), [])
            self._check_result()
            stage.note = f"{len(self.annotated.graphs)} graphs"

    def _check_result(self) -> None:
        """The entry point's result must be an exit status: an int of a machine word, a bool, or None.

        Raises:
            UserError: it is something else.
        """
        description = self.annotated.functions.get(self.target.entry_point)
        for graph in description.graphs.values() if description is not None else ():
            result = graph.getreturnvar().annotation
            if isinstance(result, (inferred.NoneValue, inferred.Impossible)):
                continue
            if not isinstance(result, inferred.Integer) or result.kind not in (int, bool):
                raise wrong_result(self.target.entry_point, result.describe())

    def specialize(self) -> None:
        """Low-level representations for all of it."""
        with self.progress.stage("type") as stage:
            self.typed = rtyper.specialize(self.annotated)
            entry_point = getattr(self.target.entry_point, "__func__", self.target.entry_point)
            for graph in self.typed.graphs:
                if graph.func is entry_point:
                    graph.tags["inline"] = False  # what leaves it has a traceback
            stage.note = self._size()
            self._reports["typed_blocks"] = count_blocks(self.typed)
        self._verify()

    def add_jit(self) -> None:
        """The JIT of an interpreter that has a `JitDriver`: jitcodes, and the parts that run them."""
        if not self.options.wants_jit():
            return
        with self.progress.stage("JIT") as stage:
            if not has_portals(self.typed):
                stage.note = "no merge point"
                return
            made = add_jit(self.typed, start_backend(self.options.jit_backend, self.options.collector))
            stage.note = f"{len(made.jitcodes.jitcodes)} jitcodes, {self._size()}"
        self._verify()

    def optimize(self) -> None:
        with self.progress.stage("optimise") as stage:
            graphopt.optimize(self.typed, keep_checks=self.options.optimisation == 0)
            stage.note = self._size()
        self._verify()

    def collect(self) -> None:
        """Allocation, barriers and roots made explicit for the chosen collector."""
        with self.progress.stage("collector") as stage:
            self.collected = gc.transform(self.typed, self.options.collector)
            stage.note = f"{self.options.collector}, {self._size()}"
        self._verify()

    def generate(self) -> cgen.Sources:
        """The C sources."""
        with self.progress.stage("generate C") as stage:
            sources = cgen.generate(self.collected, debug=self.options.optimisation == 0, release=True)
            counts = sources.counts
            stage.note = f"{counts['functions']} functions, {counts['bytes'] // 1024} KB in {counts['files']} files"
        return sources

    def build(self, sources: cgen.Sources, executable: Path) -> None:
        """The executable, whole or not at all."""
        with self.progress.stage("compile C") as stage:

            def on_progress(done: int, total: int) -> None:
                stage.note = f"{done} of {total} files"

            cgen.build(sources, executable, optimisation=self.options.optimisation, on_progress=on_progress)
            stage.note = f"-O{self.options.optimisation}, {executable.stat().st_size // 1024} KB"

    def report(self) -> dict[str, object]:
        """The figures of the run, for machines."""
        stages = [stage for stage in self.progress.stages if stage.name != "compile C"]
        return {
            "graphs": len(self.typed.graphs),
            "typed_blocks": self._reports.get("typed_blocks", 0),
            "stage_cpu_seconds": sum(stage.cpu_seconds for stage in stages),
            "compile_seconds": sum(stage.seconds for stage in self.progress.stages if stage.name == "compile C"),
            "peak_kilobytes": max(stage.peak_kilobytes for stage in stages),
            "stages": {
                stage.name: {
                    "seconds": stage.seconds,
                    "cpu_seconds": stage.cpu_seconds,
                    "kilobytes": stage.peak_kilobytes,
                }
                for stage in self.progress.stages
            },
        }

    def _size(self) -> str:
        return f"{len(self.typed.graphs)} graphs, {count_blocks(self.typed)} blocks"

    def _verify(self) -> None:
        if self.options.verify:
            rtyper.verify_program(self.typed)


def count_blocks(program: Any) -> int:
    return sum(1 for graph in program.graphs for _ in graph.iterblocks())


def translate(target: Target, options: Options, output: Path, progress: Progress) -> Translation:
    """Translate *target* to the executable *output*, which appears whole or not at all.

    Raises:
        UserError: the entry point has no exit status.
        FlowSpaceError, AnnotatorError, TyperError: the program is no RPython.
        CompilerError: the C compiler is missing or fails.
    """
    # nearly all that the stages make stays alive: Python's collector would walk it over and over
    host_collector.set_threshold(200_000, 50, 100)
    translation = Translation(target, options, progress)
    translation.annotate()
    translation.specialize()
    translation.add_jit()
    translation.optimize()
    translation.collect()
    sources = translation.generate()
    translation.build(sources, output)
    return translation
