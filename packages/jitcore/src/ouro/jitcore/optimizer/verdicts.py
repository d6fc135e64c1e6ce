"""What a function of an optimisation answers; see `forward`.

HOLDS is for a guard that need not stand there, because another one sees to it: what it says is learnt all the same.
"""

KEEP, DONE, AGAIN, HOLDS = range(4)
