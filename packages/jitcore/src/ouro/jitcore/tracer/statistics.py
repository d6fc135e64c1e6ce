"""Counts of what the JIT did, for the summary at the end."""

from ouro.jitcore.tracer import reasons


class Statistics:
    """Sums over the whole run."""

    def __init__(self):
        self.recordings = 0
        self.recorded_operations = 0
        self.recorded_guards = 0
        self.loops = 0
        self.entry_bridges = 0
        self.bridges = 0
        self.compiled_operations = 0
        self.compiled_guards = 0
        self.resume_words = 0
        self.stand_ins = 0
        self.cuts = 0
        self.aborts = [0] * reasons.COUNT
        self.entered = 0
        self.guard_failures = 0
        self.failed_guards = []
        self.forced_virtualizables = 0
        self.invalidated_loops = 0
        self.freed_loops = 0

    def count_of(self, number):
        """A count by its number in `ouro.rlib.jit_hooks.STATISTICS`."""
        counts = [
            self.recordings, self.recorded_operations, self.recorded_guards, self.loops, self.entry_bridges,
            self.bridges, self.compiled_operations, self.compiled_guards, self.resume_words, self.stand_ins,
            self.cuts, self.entered, self.guard_failures, self.forced_virtualizables, self.invalidated_loops,
            self.freed_loops,
        ]  # fmt: skip
        if number == len(counts):
            total = 0
            for count in self.aborts:
                total += count
            return total
        if 0 <= number < len(counts):
            return counts[number]
        return 0

    def lines(self):
        """A line of text for each count."""
        lines = [
            "recordings: %d" % self.recordings,
            "recorded operations: %d" % self.recorded_operations,
            "recorded guards: %d" % self.recorded_guards,
            "loops: %d" % self.loops,
            "entry bridges: %d" % self.entry_bridges,
            "bridges: %d" % self.bridges,
            "compiled operations: %d" % self.compiled_operations,
            "compiled guards: %d" % self.compiled_guards,
            "words of resume data: %d" % self.resume_words,
            "stand-ins for loops that were called early: %d" % self.stand_ins,
            "recordings cut because of their length: %d" % self.cuts,
            "runs of compiled code: %d" % self.entered,
            "guard failures without bridge: %d" % self.guard_failures,
            "forced virtualizables: %d" % self.forced_virtualizables,
            "invalidated loops: %d" % self.invalidated_loops,
            "freed loops: %d" % self.freed_loops,
        ]
        for reason in range(reasons.COUNT):
            lines.append("aborted, " + reasons.NAMES[reason] + ": " + str(self.aborts[reason]))
        return lines
