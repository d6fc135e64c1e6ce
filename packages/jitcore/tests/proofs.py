"""Proofs by z3, remembered: what was proved once, by the same version of z3, need not be proved again.

A proof is known by the hash of all that z3 is asked, in SMT-LIB: any change of a rule, of what an operation means or
of an assumption asks again. Only what holds is remembered, in `.ouro-cache/proofs`; `OURO_PROVE_AGAIN=1` ignores it.
"""

import hashlib
import os
from pathlib import Path

import z3

_FOLDER = Path(__file__).resolve().parents[3] / ".ouro-cache" / "proofs"


class KnownProofs:
    """The proofs of one version of z3: lines of hashes in a file, which several processes append to."""

    def __init__(self, path):
        self.path = path
        self._known = None

    def holds(self, key):
        if self._known is None:
            self._known = set(self.path.read_text().split()) if self.path.exists() else set()
        return key in self._known

    def add(self, key):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # one write of one line: lines of other processes stay whole
        with open(self.path, "ab", buffering=0) as file:
            file.write(key.encode() + b"\n")
        self._known.add(key)


KNOWN = KnownProofs(_FOLDER / f"z3-{z3.get_version_string()}.txt")


def refute(solver, logic, known=None):
    """What z3 says of the assertions of a solver for a logic: `unsat` where none of all cases fulfils them."""
    known = KNOWN if known is None else known
    key = hashlib.sha256(f"{logic}\n{solver.sexpr()}".encode()).hexdigest()
    if not os.environ.get("OURO_PROVE_AGAIN") and known.holds(key):
        return z3.unsat
    verdict = solver.check()
    if verdict == z3.unsat and not os.environ.get("OURO_PROVE_AGAIN"):
        known.add(key)
    return verdict
