"""Figures of the translator and of the translated Python 2.7, side by side with CPython 2.7.18 where it is found.

Prints two tables: what each stage of a translation takes (time, memory, per typed block) against its budget,
and for every program of ``packages/interp-py27/bench`` and the example programs how many times faster than CPython
the translated interpreter is: in the first round of a fresh process and in the best round, medians over paired runs.
``--no-jit`` does so for an interpreter without a JIT, ``--json FILE`` keeps the figures.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from ouro.interp_py27.testing import find_cpython27
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "packages" / "interp-py27" / "bench"
TARGETS = {"examples/lisp": "examples/lisp/target.py", "interp-py27": "packages/interp-py27/target.py"}
#: Budgets of the architecture: CPU milliseconds a typed block without the C compiler, and KB a block.
MILLISECONDS_A_BLOCK = 1.0
KILOBYTES_A_BLOCK = 10.0
START_UP = "start-up (-S -c pass)"


#: The figures of one program or stage by name.
Row = dict[str, float]


class ProgramFailed(Exception):
    """A program under measurement ended with another status than 0."""


def timed(command: list[str]) -> float:
    """User and system seconds of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise ProgramFailed(f"{' '.join(command)} ended with status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


#: Runs the program (none: only starts) and writes the most memory that the process had in KB. The resource usage of a
#: child would count the memory of this process too, from which it was forked.
MEMORY_PROBE = """
import sys
sys.argv = sys.argv[1:]
if sys.argv:
    sys.path.insert(0, sys.argv[0].rpartition("/")[0])
    execfile(sys.argv[0], {"__name__": "__main__"})
for line in open("/proc/self/status"):
    if line.startswith("VmHWM:"): sys.stderr.write(line.split()[1])
"""


def peak_memory(python: str, arguments: list[str]) -> int:
    """The most memory in KB that *python* took for a program (or for its start, where `arguments` have none)."""
    program = [] if arguments[0] == "-S" else arguments
    command = [python, "-S", "-c", MEMORY_PROBE, *program]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise ProgramFailed(f"{python} {' '.join(arguments)} (execfile) ended with status {done.returncode}")
    return int(done.stderr.split()[-1])


def rounds_of(command: list[str], rounds: int) -> list[float]:
    """The seconds of each round of a program that runs under ``harness.py``; of the whole process for others."""
    if Path(command[1]).parent != BENCH:
        return [timed(command)]
    done = subprocess.run([*command, str(rounds), "--times"], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise ProgramFailed(f"{' '.join(command)} ended with status {done.returncode}")
    return [float(line) for line in done.stdout.splitlines()[:rounds]]


def speed_up(theirs: list[float], ours: list[float]) -> float:
    """The median of the ratios of neighbouring runs: above 1 where ours is faster."""
    return statistics.median(other / max(own, 1e-6) for other, own in zip(theirs, ours))


def geometric_mean(values: list[float]) -> float:
    return math.exp(sum(math.log(value) for value in values) / len(values))


def executable_of(name: str, with_jit: bool) -> Path:
    """Where the translated program of a name in TARGETS goes."""
    return ROOT / ".ouro-cache" / f"bench-{name.replace('/', '-')}{'' if with_jit else '-no-jit'}"


def bench_translation(console: Console, figures: dict[str, Row], with_jit: bool) -> None:
    table = Table(title="Translation")
    for heading in ("program", "graphs", "typed blocks", "stages s", "C compiler s", "ms/block", "KB/block", "peak MB"):
        table.add_column(heading, justify="right")
    for name, target in TARGETS.items():
        output = executable_of(name, with_jit)
        output.parent.mkdir(exist_ok=True)
        report = output.with_suffix(".json")
        command = [sys.executable, "-m", "ouro.translator", "translate", str(ROOT / target)]
        command += [] if with_jit else ["--no-jit"]
        start = time.perf_counter()
        if subprocess.run([*command, "--output", str(output), "--report", str(report)], check=False).returncode != 0:
            raise SystemExit(f"{target} was not translated")
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


def bench_program(options: argparse.Namespace, executable: str, reference: str | None, arguments: list[str]) -> Row:
    """Seconds, peak memory in KB and, where there is a reference, how many times faster than it."""
    ours, theirs = [], []
    for _ in range(options.runs):
        ours.append(rounds_of([executable, *arguments], options.rounds))
        if reference is not None:
            theirs.append(rounds_of([reference, *arguments], options.rounds))
    row = {
        "ours": min(min(times) for times in ours),
        "first": ours[0][0],
        "peak": peak_memory(executable, arguments),
    }
    if reference is not None:
        row["first_speed_up"] = speed_up([times[0] for times in theirs], [times[0] for times in ours])
        row["best_speed_up"] = speed_up([min(times) for times in theirs], [min(times) for times in ours])
        row["cpython"] = min(min(times) for times in theirs)
        row["cpython_peak"] = peak_memory(reference, arguments)
    return row


def bench_programs(
    console: Console, figures: dict[str, Row], options: argparse.Namespace, executable: str
) -> list[str]:
    """The first round in a fresh process and the best one, on both interpreters in turn; what failed, as messages."""
    try:
        reference = find_cpython27()
    except FileNotFoundError as error:
        reference = None
        console.print(str(error))
    jobs = [(path.stem, [str(path)]) for path in sorted(BENCH.glob("*.py")) if path.stem != "harness"]
    for name, arguments in (("point", ["1e6"]), ("sobel", ["320", "240", "1"])):
        if (options.programs / f"{name}.py").exists():
            jobs.append((name, [str(options.programs / f"{name}.py"), *arguments]))
    jobs = [job for job in jobs if not options.only or job[0] in options.only]
    table = Table(title="Python 2.7 programs: CPython 2.7's time over ours")
    for heading in ("program", "first", "best", "ours s", "CPython s", "ours MB", "CPython MB"):
        table.add_column(heading, justify="right")
    firsts, bests, failures = [], [], []
    for name, arguments in [*jobs, (START_UP, ["-S", "-c", "pass"])]:
        try:
            row = bench_program(options, executable, reference, arguments)
        except ProgramFailed as failure:
            failures.append(str(failure))
            table.add_row(name, "failed")
            continue
        shown = ["-", "-", f"{row['ours']:.4f}", "-", f"{row['peak'] / 1024:.1f}", "-"]
        if reference is not None:
            shown[0], shown[1] = f"{row['first_speed_up']:.2f}", f"{row['best_speed_up']:.2f}"
            shown[3], shown[5] = f"{row['cpython']:.4f}", f"{row['cpython_peak'] / 1024:.1f}"
            if name != START_UP:
                firsts.append(row["first_speed_up"])
                bests.append(row["best_speed_up"])
        figures[name] = row
        table.add_row(name, *shown)
    console.print(table)
    if bests:
        first, best = geometric_mean(firsts), geometric_mean(bests)
        figures["geometric mean"] = {"first": first, "best": best}
        console.print(
            f"geometric mean: {first:.2f} in the first round, {best:.2f} in the best; "
            f"the best round takes {1 / best:.2f} of CPython 2.7's time"
        )
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="paired runs of each program (default 3)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds in each run (default 3)")
    parser.add_argument("--only", nargs="*", metavar="PROGRAM", help="the programs to run, by name")
    parser.add_argument("--no-jit", action="store_true", help="translate without a JIT")
    parser.add_argument("--programs", type=Path, default=ROOT.parent / "shared" / "programs")
    parser.add_argument("--python", help="a translated interpreter; translated anew where not given")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    console = Console()
    figures: dict[str, Row] = {}
    executable = options.python
    if executable is None:
        bench_translation(console, figures, not options.no_jit)
        executable = str(executable_of("interp-py27", not options.no_jit))
    failures = bench_programs(console, figures, options, executable)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    if failures:
        raise SystemExit("\n".join(failures))


if __name__ == "__main__":
    main()
