"""The conformance suite: traces with inputs and expected results, for any backend. Host only.

    from ouro.jitcore.backend.conformance import ModelHost, Runner, all_cases, CLASS_RANGES
    for case in all_cases():
        Runner(ModelHost(CLASS_RANGES)).run(case)

`python -m ouro.jitcore.backend.conformance` runs it on the model; with `--bless` it writes the model's results into the
files.
"""

from ouro.jitcore.backend.conformance.cases import Case, all_cases, read_cases
from ouro.jitcore.backend.conformance.hosts import Host, ModelHost
from ouro.jitcore.backend.conformance.runner import Mismatch, Runner
from ouro.jitcore.backend.conformance.world import CLASS_RANGES, World

__all__ = ["CLASS_RANGES", "Case", "Host", "Mismatch", "ModelHost", "Runner", "World", "all_cases", "read_cases"]
