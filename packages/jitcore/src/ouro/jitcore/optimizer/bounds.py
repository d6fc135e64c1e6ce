"""Two guards that an index is not negative and is below a length become one, at the place of the first: an index that
is negative is no less than any length if both are taken as unsigned, as compilers have always checked bounds.

Failing earlier is always right, as it is for guards of one object (`guards`). What the first guard keeps must not say
that the index is negative where it fails: then the condition is not its own any more.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer.integers import range_of
from ouro.jitcore.optimizer.verdicts import HOLDS, KEEP
from ouro.jitcore.trace import NOTHING

#: So far back the guard for the other bound is looked for: the length must be known there.
_FARTHEST = 40


def learn_not_negative(optimizer, number):
    """Behind a guard that an index is not negative, right behind its condition: it may become that of both bounds."""
    work = optimizer.work
    condition = work.first[number]
    order = work.order
    if condition < 0 or optimizer.guard_data.keeps_condition:
        return
    if len(order) < 2 or order[-1] != number or order[-2] != condition:
        return
    not_negative = ops.INT_GE if work.opcodes[number] == ops.GUARD_TRUE else ops.INT_LT
    if work.opcodes[condition] == not_negative and work.resolve(work.second[condition]) == optimizer.zero_int:
        optimizer.guards.not_negative[work.resolve(work.first[condition])] = number


def optimize_upper_bound(optimizer, number):
    work = optimizer.work
    condition = work.first[number]
    if condition < 0:
        return KEEP
    below = ops.INT_LT if work.opcodes[number] == ops.GUARD_TRUE else ops.INT_GE
    if work.opcodes[condition] != below:
        return KEEP
    index = work.resolve(work.first[condition])
    earlier = optimizer.guards.not_negative.get(index, NOTHING)
    if earlier == NOTHING:
        return KEEP
    length = work.resolve(work.second[condition])
    if range_of(optimizer, length).lower < 0 or not _is_known_at(work, length, earlier):
        return KEEP
    merged = work.first[earlier]
    work.opcodes[merged] = ops.UINT_LT if work.opcodes[earlier] == ops.GUARD_TRUE else ops.UINT_GE
    work.second[merged] = length
    del optimizer.guards.not_negative[index]
    return HOLDS


def _is_known_at(work, value, guard):
    """Does a value stand in front of a guard that was emitted not long ago?"""
    order = work.order
    last = len(order) - 1
    for back in range(min(_FARTHEST, len(order))):
        if order[last - back] == guard:
            return True
        if order[last - back] == value:
            return False
    return False


HANDLERS = {ops.GUARD_TRUE: optimize_upper_bound, ops.GUARD_FALSE: optimize_upper_bound}
LEARNERS = {ops.GUARD_TRUE: learn_not_negative, ops.GUARD_FALSE: learn_not_negative}
