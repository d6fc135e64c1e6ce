"""How every benchmark runs: `run(iteration)` does it as often as the command line says and prints its result.

`PROGRAM [ROUNDS]` prints the result of the last round. `PROGRAM ROUNDS --times` prints the seconds that each round took,
one a line, in front of it: the first round of a fresh process shows the warm-up, the least of all the speed after it.
"""
import sys
import time


def run(iteration, rounds=3):
    arguments = [argument for argument in sys.argv[1:] if argument != '--times']
    if arguments:
        rounds = int(arguments[0])
    times = []
    result = None
    for _ in xrange(rounds):
        start = time.time()
        result = iteration()
        times.append(time.time() - start)
    if '--times' in sys.argv:
        for seconds in times:
            print '%.6f' % seconds
    print result
