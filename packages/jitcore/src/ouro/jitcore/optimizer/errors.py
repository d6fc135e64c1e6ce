"""What ends an optimisation."""


class InvalidTrace(Exception):
    """A guard of the trace can never hold after those in front of it: there is nothing to compile."""
