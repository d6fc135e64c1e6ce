"""What a translation shows while it runs, and the table at its end."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define, field
from rich.console import Console
from rich.status import Status
from rich.table import Table


@define
class StageFigures:
    """What one stage took: seconds on the clock, seconds of CPU, and the peak memory of the process after it."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_kilobytes: int
    note: str = ""


@define
class Progress:
    """Shows each stage as it runs and keeps its figures.

    With `quiet` nothing is shown; the figures are kept all the same.
    """

    console: Console = field(factory=lambda: Console(stderr=True))
    quiet: bool = False
    stages: list[StageFigures] = field(factory=list)
    _status: Status | None = None
    _current: str = ""
    _start: float = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[StageFigures]:
        """Run a stage under *name*; its note may be set through the figures that it yields."""
        figures = StageFigures(name, 0.0, 0.0, 0)
        self._current = name
        self._start = time.perf_counter()
        cpu = time.process_time()
        if self.quiet:
            yield figures
        else:
            with self.console.status(f"{name} ...") as self._status:
                yield figures
            self._status = None
        figures.seconds = time.perf_counter() - self._start
        figures.cpu_seconds = time.process_time() - cpu
        figures.peak_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.stages.append(figures)
        if not self.quiet:
            self.console.print(f"{name:<14}{figures.seconds:7.1f} s  {figures.note}", highlight=False)

    def update(self, detail: str) -> None:
        """Show *detail* behind the name of the running stage, with the time and memory it has taken so far."""
        if self._status is not None:
            elapsed = time.perf_counter() - self._start
            megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            self._status.update(f"{self._current}: {detail}  [{elapsed:.0f} s, {megabytes:.0f} MB]")

    def summary(self) -> None:
        """Print the table of all stages."""
        if self.quiet:
            return
        table = Table(title="Translation", title_justify="left")
        table.add_column("stage")
        for heading in ("seconds", "CPU seconds", "peak MB"):
            table.add_column(heading, justify="right")
        table.add_column("result")
        for stage in self.stages:
            table.add_row(
                stage.name,
                f"{stage.seconds:.2f}",
                f"{stage.cpu_seconds:.2f}",
                f"{stage.peak_kilobytes / 1024:.0f}",
                stage.note,
            )
        total = sum(stage.seconds for stage in self.stages)
        cpu = sum(stage.cpu_seconds for stage in self.stages)
        peak = max((stage.peak_kilobytes for stage in self.stages), default=0)
        table.add_section()
        table.add_row("all", f"{total:.2f}", f"{cpu:.2f}", f"{peak / 1024:.0f}", "")
        self.console.print(table)
