# Comparisons that decide jumps, stand as values, give objects of their own, and loops over all sorts of targets.
def decide(a, b):
    out = []
    if a < b:
        out.append('lt')
    if a <= b:
        out.append('le')
    if a == b:
        out.append('eq')
    if a != b:
        out.append('ne')
    if a > b:
        out.append('gt')
    if not a >= b:
        out.append('not ge')
    value = a < b
    chained = a <= b < 10
    both = a < b and b < 10 or a == 3
    return out, value, chained, both

nan = float('nan')
for a in (1, 2, 3, 2.5, nan, 'x', None, True):
    for b in (1, 2, 2.5, nan, 'y', None, False):
        print repr(a), repr(b), decide(a, b)

class Answer(object):
    def __init__(self, truth):
        self.truth = truth
    def __nonzero__(self):
        print 'asked',
        return self.truth

class Compared(object):
    def __lt__(self, other):
        return Answer(other)
    def __eq__(self, other):
        raise ValueError('no')

if Compared() < True:
    print 'yes'
if Compared() < False:
    print 'never'
try:
    if Compared() == 1:
        print 'never'
except ValueError as error:
    print error

def loops():
    n = 0
    while n < 3.5:
        n += 1
    while not n > 6:
        n += 1
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    for n in pairs:
        pass
    for a, b in pairs:
        pass
    cell = 0
    for cell in range(4):
        keep = lambda: cell
    return n, a, b, keep(), [x for x in range(3)], x

print loops()

import sys
lines = []
def trace(frame, event, argument):
    lines.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return trace
def traced(limit):
    total = 0
    for i in range(limit):
        if i > 1:
            total += i
    return total
sys.settrace(trace)
traced(4)
sys.settrace(None)
print lines
