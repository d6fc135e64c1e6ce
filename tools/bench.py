"""Figures of the translator and of the translated Python 2.7, side by side with CPython 2.7.18 where it is found.

Prints two tables: what each stage of a translation takes (time, memory, per typed block) against its budget,
and for every program of ``packages/interp-py27/bench`` and the example programs the time of both interpreters as
the median of paired runs, and their ratio. ``--json FILE`` keeps the figures.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "packages" / "interp-py27" / "bench"
TARGETS = {"examples/lisp": "examples/lisp/target.py", "interp-py27": "packages/interp-py27/target.py"}
#: Budgets of the architecture: CPU milliseconds a typed block without the C compiler, and KB a block.
MILLISECONDS_A_BLOCK = 1.0
KILOBYTES_A_BLOCK = 10.0


def find_cpython27() -> str | None:
    """A CPython 2.7: ``$CPYTHON27``, the search path, or one that pyenv installed."""
    given = os.environ.get("CPYTHON27")
    if given:
        return given
    candidates = sorted(Path.home().glob(".pyenv/versions/2.7*/bin/python2.7"))
    found = str(candidates[-1]) if candidates else shutil.which("python2.7")
    return found


def timed(command: list[str]) -> float:
    """User and system seconds of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


#: Runs the program (none: only starts) and writes the most memory that the process had in KB. The resource usage of a
#: child would count the memory of this process too, from which it was forked.
MEMORY_PROBE = """
import sys
sys.argv = sys.argv[1:]
if sys.argv: execfile(sys.argv[0], {"__name__": "__main__"})
for line in open("/proc/self/status"):
    if line.startswith("VmHWM:"): sys.stderr.write(line.split()[1])
"""


def peak_memory(python: str, arguments: list[str]) -> int:
    """The most memory in KB that *python* took for a program (or for its start, where `arguments` have none)."""
    program = [] if arguments[0] == "-S" else arguments
    command = [python, "-S", "-c", MEMORY_PROBE, *program]
    result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return int(result.stderr.split()[-1])


def paired(ours: list[str], theirs: list[str] | None, runs: int) -> tuple[float, float | None, float | None]:
    """Median seconds of both, and the median of the ratios of neighbouring runs."""
    our_times, their_times, ratios = [], [], []
    for _ in range(runs):
        our_times.append(timed(ours))
        if theirs is not None:
            their_times.append(timed(theirs))
            ratios.append(our_times[-1] / max(their_times[-1], 1e-3))
    median = statistics.median
    if not ratios:
        return median(our_times), None, None
    return median(our_times), median(their_times), median(ratios)


def bench_translation(console: Console, figures: dict[str, object]) -> None:
    table = Table(title="Translation")
    for heading in ("program", "graphs", "typed blocks", "stages s", "C compiler s", "ms/block", "KB/block", "peak MB"):
        table.add_column(heading, justify="right")
    for name, target in TARGETS.items():
        output = ROOT / ".ouro-cache" / f"bench-{name.replace('/', '-')}"
        output.parent.mkdir(exist_ok=True)
        report = output.with_suffix(".json")
        command = [sys.executable, "-m", "ouro.translator", "translate", str(ROOT / target)]
        start = time.perf_counter()
        subprocess.run([*command, "--output", str(output), "--report", str(report)], check=True)
        elapsed = time.perf_counter() - start
        data = json.loads(report.read_text())
        data["elapsed"] = elapsed
        figures[f"translate {name}"] = data
        blocks = max(data["typed_blocks"], 1)
        per_block = data["stage_cpu_seconds"] * 1000 / blocks
        memory = data["peak_kilobytes"] / blocks
        table.add_row(
            name,
            str(data["graphs"]),
            str(blocks),
            f"{data['stage_cpu_seconds']:.1f}",
            f"{data['compile_seconds']:.1f}",
            f"{per_block:.2f} (budget {MILLISECONDS_A_BLOCK:.1f})",
            f"{memory:.1f} (budget {KILOBYTES_A_BLOCK:.0f})",
            f"{data['peak_kilobytes'] / 1024:.0f}",
        )
    console.print(table)


def bench_programs(console: Console, figures: dict[str, object], executable: str, programs: Path, runs: int) -> None:
    reference = find_cpython27()
    jobs: list[tuple[str, list[str]]] = [(path.stem, [str(path)]) for path in sorted(BENCH.glob("*.py"))]
    for name, arguments in (("point", ["1e6"]), ("sobel", ["320", "240", "1"])):
        if (programs / f"{name}.py").exists():
            jobs.append((name, [str(programs / f"{name}.py"), *arguments]))
    table = Table(title="Python 2.7 programs")
    for heading in ("program", "ours s", "CPython 2.7 s", "ratio", "ours MB", "CPython MB"):
        table.add_column(heading, justify="right")
    ratios = []
    for name, arguments in [*jobs, ("start-up (-S -c pass)", ["-S", "-c", "pass"])]:
        theirs = [reference, *arguments] if reference else None
        ours, other, ratio = paired([executable, *arguments], theirs, runs)
        peak = peak_memory(executable, arguments)
        other_peak = peak_memory(reference, arguments) if reference else 0
        figures[name] = {"ours": ours, "cpython": other, "ratio": ratio, "peak": peak, "cpython_peak": other_peak}
        if ratio is not None and arguments[0] != "-S":
            ratios.append(ratio)
        table.add_row(
            name,
            f"{ours:.3f}",
            "-" if other is None else f"{other:.3f}",
            "-" if ratio is None else f"{ratio:.2f}",
            f"{peak / 1024:.1f}",
            "-" if reference is None else f"{other_peak / 1024:.1f}",
        )
    console.print(table)
    if ratios:
        mean = math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios))
        figures["geometric mean"] = mean
        console.print(f"geometric mean of the ratios: {mean:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="paired runs of each program (default 5)")
    parser.add_argument("--programs", type=Path, default=ROOT.parent / "shared" / "programs")
    parser.add_argument("--python", help="a translated interpreter; translated anew where not given")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    console = Console()
    figures: dict[str, object] = {}
    executable = options.python
    if executable is None:
        bench_translation(console, figures)
        executable = str(ROOT / ".ouro-cache" / "bench-interp-py27")
    bench_programs(console, figures, executable, options.programs, options.runs)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
