"""What a function of an optimisation answers; see `forward`."""

KEEP, DONE, AGAIN = range(3)
