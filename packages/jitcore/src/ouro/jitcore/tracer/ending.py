"""How a recording ends: exceptions that leave the tracer's loop."""


class Aborted(Exception):
    """Tracing is given up; the frames stand where the blackhole interpreter can take over."""

    def __init__(self, reason):
        self.reason = reason


class Ended(Exception):
    """Tracing has ended with an `Outcome`, compiled or not."""

    def __init__(self, outcome):
        self.outcome = outcome
