"""Bodies that do nothing but count are run at once: all iterations that are left in one.

A loop that has no effect, is left only at one guard, and adds a constant to each of its values in every iteration (in
words of some number of bits, as a mask behind the addition says) has values behind its last iteration that can be
computed: there are as many iterations as the counter takes to 0. Where the step of the counter is odd, that number is
the counter times the negated inverse of the step, modulo the size of its words; for sums in words that are no longer,
that is all that matters.

The body stays what it is, with its guard and its jump: each addition adds what all the iterations do. So the guard
always fails behind it, with the values that it would have failed with, and who comes to the label need know nothing.

Other compilers call this the final value replacement of scalar evolution (Bachmann, Wang, Zima, "Chains of
Recurrences", ISSAC 1994; GCC's sccp, LLVM's indvars).
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.optimizer import words
from ouro.jitcore.optimizer.output import has_effect
from ouro.jitcore.trace import NOTHING, is_constant

#: The mask of whole machine words.
_WORD = -1


def run_at_once(work, inputs, starts, needed):
    """Let one iteration of a body do the rest of all of them, where all it does is to count.

    Args:
        work: the body, with its jump.
        inputs: the values that its label takes.
        starts: what is known at the label of the integers among them: a range or None for each value up to there.
        needed: for each value of the body whether it stays.
    """
    order = work.order
    for number in order:
        opcode = work.opcodes[number]
        if has_effect(work, number) and opcode not in (
            ops.DEBUG_MERGE_POINT, ops.GUARD_TRUE, ops.GUARD_FALSE, ops.JUMP
        ):
            return
    steps = _Steps(work, inputs)
    if steps.find() and steps.are_all(needed):
        steps.run_at_once(starts)


class _Steps:
    """What an iteration adds to the values that go round.

    Attributes:
        sums: the additions.
        mask_of: by addition the bits that stay of it; all in whole words.
        sum_of: by value at the end of the iteration the addition that it is, or is the masked result of.
        unchanged: the inputs that the loop passes on as they are.
        guard, test: the guard that ends the loop, and its condition.
    """

    def __init__(self, work, inputs):
        self.work = work
        self.inputs = inputs
        self.sums = []
        self.mask_of = {}
        self.sum_of = {}
        self.unchanged = {}
        self.guard = NOTHING
        self.test = NOTHING

    def find(self):
        """Is each input passed on either as it is, or with a constant added?"""
        work = self.work
        is_input = {}
        for number in self.inputs:
            is_input[number] = True
        jump = work.order[-1]
        for position in range(len(self.inputs)):
            start = self.inputs[position]
            end = work.operand(jump, position)
            if end == start:
                self.unchanged[start] = True
                continue
            if end < 0 or end in is_input:
                return False
            total = end
            mask = _WORD
            if work.opcodes[end] == ops.INT_AND and is_constant(work.second[end]):
                mask = work.constants.int_of(work.second[end])
                total = work.first[end]
                if mask <= 0 or mask & words.add(mask, 1) != 0 or total < 0 or total in is_input:
                    return False
            if work.opcodes[total] != ops.INT_ADD or work.first[total] != start:
                return False
            if not is_constant(work.second[total]):
                return False
            self.sums.append(total)
            self.mask_of[total] = mask
            self.sum_of[end] = total
        return True

    def are_all(self, needed):
        """Does the body nothing else, and is the only guard one of a value of these that is not 0?"""
        work = self.work
        for number in work.order:
            opcode = work.opcodes[number]
            if not needed[number] or number in self.sum_of or number in self.mask_of or number in self.unchanged:
                continue
            if opcode == ops.GUARD_TRUE or opcode == ops.GUARD_FALSE:
                if self.guard != NOTHING:
                    return False
                self.guard = number
            elif opcode == ops.INT_IS_TRUE or opcode == ops.INT_IS_ZERO:
                if self.test != NOTHING:
                    return False
                self.test = number
            elif opcode != ops.DEBUG_MERGE_POINT and opcode != ops.JUMP:
                return False
        guard = self.guard
        if guard == NOTHING or self.test == NOTHING or work.first[guard] != self.test:
            return False
        if (work.opcodes[guard] == ops.GUARD_TRUE) != (work.opcodes[self.test] == ops.INT_IS_TRUE):
            return False
        if work.first[self.test] not in self.sum_of:
            return False
        descriptor = work.descriptors[guard]
        assert isinstance(descriptor, GuardDescriptor)
        for reference in descriptor.values:
            if reference >= 0 and reference not in self.sum_of and reference not in self.unchanged:
                return False
        return True

    def run_at_once(self, starts):
        """Let every addition add what all iterations do, if their number is known."""
        work = self.work
        counted = self.sum_of[work.first[self.test]]
        counter = work.first[counted]
        mask = self.mask_of[counted]
        step = self._step(counted)
        if step & 1 == 0:
            return
        made = []
        rounds = self._times(counter, words.sub(0, inverse(step)), made)
        if self._has_wider(mask):
            # here 256 rounds of a byte are not as good as none
            known = starts[counter]
            if known is None or known.lower < 1 or known.upper > mask:
                return
            if rounds != counter:
                rounds = self._make(ops.INT_AND, rounds, work.constants.of_int(mask), made)
        for total in self.sums:
            step = self._step(total)
            start = work.first[total]
            if step == -1:
                work.rewrite(total, ops.INT_SUB, start, rounds)
            else:
                work.rewrite(total, ops.INT_ADD, start, self._times(rounds, step, made))
        work.order = made + work.order

    def _has_wider(self, mask):
        """Has a sum more bits than the counter?"""
        for total in self.sums:
            if self.mask_of[total] & ~mask != 0:
                return True
        return False

    def _step(self, total):
        return self.work.constants.int_of(self.work.second[total])

    def _times(self, value, factor, made):
        if factor == 1:
            return value
        if factor == -1:
            return self._make(ops.INT_NEG, value, NOTHING, made)
        return self._make(ops.INT_MUL, value, self.work.constants.of_int(factor), made)

    def _make(self, opcode, first, second, made):
        number = self.work.append(opcode, first, second)
        made.append(number)
        return number


def inverse(odd):
    """What an odd number is multiplied with to give 1 in machine words: Newton's iteration, each round of which makes
    twice as many low bits right, beginning with three.
    """
    result = odd
    for _ in range(5):
        result = words.mul(result, words.sub(2, words.mul(odd, result)))
    return result
