"""Run the suite on the model backend, or write the model's results into its files."""

from __future__ import annotations

import argparse

from ouro.jitcore.backend.conformance.cases import FOLDER, bless, read_cases
from ouro.jitcore.backend.conformance.hosts import ModelHost
from ouro.jitcore.backend.conformance.runner import Runner
from ouro.jitcore.backend.conformance.world import CLASS_RANGES


def main() -> int:
    """Run; 0 if all is as expected."""
    parser = argparse.ArgumentParser(prog="ouro.jitcore.backend.conformance", description=__doc__)
    parser.add_argument("--bless", action="store_true", help="write what the model gives as what is expected")
    arguments = parser.parse_args()
    failures = count = 0
    for file in sorted(FOLDER.glob("*.trace")):
        cases = read_cases(file)
        results: dict[int, str] = {}
        for case in cases:
            count += 1
            runner = Runner(ModelHost(CLASS_RANGES))
            try:
                runner.run(case, check=not arguments.bless)
            except Exception as error:
                failures += 1
                print(f"{case!r}: {type(error).__name__}: {error}")
            results.update(runner.results)
        if arguments.bless:
            bless(cases, results)
    print(f"{count} tests, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
