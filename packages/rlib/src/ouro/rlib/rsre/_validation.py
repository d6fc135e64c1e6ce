"""Pattern code that the engine may run without looking where it steps."""

from ouro.rlib.rsre import _opcodes as op


class BadPatternCode(Exception):
    """The pattern code is none that ``sre_compile`` makes."""


def check_code(code, groups):
    """Raise `BadPatternCode` unless *code* is a whole pattern with *groups* groups."""
    validator = Validator(code, groups)
    last = len(code) - 1
    place = 0
    if validator.unit(0, len(code)) == op.INFO:
        place = validator.info(last)
    validator.whole(place, last)
    if code[last] != op.SUCCESS:
        raise BadPatternCode


class Validator:
    """Walks once over the code; every method checks that what it reads lies before `stop`."""

    def __init__(self, code, groups):
        self.code = code
        self.groups = groups

    def unit(self, place, stop):
        if not 0 <= place < stop <= len(self.code):
            raise BadPatternCode
        return self.code[place]

    def skip(self, place, stop):
        """Where the skip at *place* leads: not beyond *stop*."""
        target = place + self.unit(place, stop)
        if target > stop:
            raise BadPatternCode
        return target

    def below(self, place, stop, limit):
        if self.unit(place, stop) >= limit:
            raise BadPatternCode

    def expect(self, place, stop, kind):
        if self.unit(place, stop) != kind:
            raise BadPatternCode

    def whole(self, place, stop):
        """A row of operations from *place* that ends at *stop*."""
        if self.row(place, stop) != stop:
            raise BadPatternCode

    def row(self, place, stop):
        """A row of operations: the place of the first JUMP, or *stop*."""
        while place < stop:
            kind = self.code[place]
            if kind == op.JUMP:
                return place
            place = self.operation(kind, place, stop)
        if place != stop:
            raise BadPatternCode
        return stop

    def operation(self, kind, place, stop):
        """One operation: the place behind it."""
        following = place + 1
        if kind == op.ANY or kind == op.ANY_ALL or kind == op.SUCCESS or kind == op.FAILURE:
            return following
        if kind == op.IN or kind == op.IN_IGNORE:
            target = self.skip(following, stop)
            if self.characters(place + 2, target) != target:
                raise BadPatternCode
            return target
        if kind == op.BRANCH:
            return self.branch(following, stop)
        if kind == op.REPEAT or kind == op.REPEAT_ONE or kind == op.MIN_REPEAT_ONE:
            return self.repeat(kind, place, stop)
        if kind == op.ASSERT or kind == op.ASSERT_NOT:
            target = self.skip(following, stop)
            self.below(place + 2, target, 1 << 31)
            self.whole(place + 3, target - 1)
            self.expect(target - 1, stop, op.SUCCESS)
            return target
        if kind == op.GROUPREF_EXISTS:
            return self.condition(place, stop)
        self.argument(kind, following, stop)
        return place + 2

    def argument(self, kind, place, stop):
        """The argument of an operation that has one."""
        if kind == op.MARK:
            self.below(place, stop, 2 * self.groups)
        elif kind == op.AT:
            self.below(place, stop, op.AT_COUNT)
        elif kind == op.CATEGORY:
            self.below(place, stop, op.CATEGORY_COUNT)
        elif kind == op.GROUPREF or kind == op.GROUPREF_IGNORE:
            self.below(place, stop, self.groups)
        elif (
            kind == op.LITERAL or kind == op.NOT_LITERAL or kind == op.LITERAL_IGNORE or kind == op.NOT_LITERAL_IGNORE
        ):
            self.unit(place, stop)
        else:
            raise BadPatternCode

    def branch(self, place, stop):
        """Alternatives that each begin with a length and end with a JUMP behind them all."""
        target = -1
        while self.unit(place, stop) != 0:
            following = self.skip(place, stop)
            if self.row(place + 1, following) != following - 2:
                raise BadPatternCode
            end = self.skip(following - 1, stop)
            if target not in (-1, end):
                raise BadPatternCode
            target = end
            place = following
        if target not in (-1, place + 1):
            raise BadPatternCode
        return place + 1

    def repeat(self, kind, place, stop):
        target = self.skip(place + 1, stop)
        minimum = self.unit(place + 2, target)
        if minimum > self.unit(place + 3, target):
            raise BadPatternCode
        if kind != op.REPEAT:
            self.whole(place + 4, target - 1)
            self.expect(target - 1, stop, op.SUCCESS)
            return target
        self.whole(place + 4, target)
        end = self.unit(target, stop)
        if end != op.MAX_UNTIL and end != op.MIN_UNTIL:
            raise BadPatternCode
        return target + 1

    def condition(self, place, stop):
        """One row for a group that took part, and perhaps one more for one that did not.

        CPython lets a pattern without groups ask for any of the first hundred, and none of them took part.
        """
        self.below(place + 1, stop, self.groups if self.groups > 0 else 100)
        target = place + 1 + self.unit(place + 2, stop)
        if target > stop:
            raise BadPatternCode
        end = self.row(place + 3, target)
        if end == target:
            return target
        if end != target - 2:
            raise BadPatternCode
        end = self.skip(end + 1, stop)
        self.whole(target, end)
        return end

    def info(self, stop):
        """The INFO block at the start: the place behind it."""
        target = self.skip(1, stop)
        flags = self.unit(2, target)
        self.unit(4, target)
        place = 5
        if flags & op.INFO_PREFIX:
            length = self.unit(5, target)
            if self.unit(6, target) > length:
                raise BadPatternCode
            place = 7 + 2 * length
        elif flags & op.INFO_CHARSET:
            place = self.characters(5, target)
        if place != target:
            raise BadPatternCode
        return target

    def characters(self, place, stop):
        """A set of characters: the place behind the FAILURE that ends it."""
        while True:
            kind = self.unit(place, stop)
            place += 1
            if kind == op.FAILURE:
                return place
            if kind == op.LITERAL:
                place += 1
            elif kind == op.RANGE:
                place += 2
            elif kind == op.CATEGORY:
                self.below(place, stop, op.CATEGORY_COUNT)
                place += 1
            elif kind == op.CHARSET:
                place += 8
            elif kind == op.BIGCHARSET:
                blocks = self.unit(place, stop)
                place += 1
                for index in range(64):
                    self.blocks_below(self.unit(place + index, stop), blocks)
                place += 64 + 8 * blocks
            elif kind != op.NEGATE:
                raise BadPatternCode

    def blocks_below(self, unit, blocks):
        """The four block numbers in a unit are all below *blocks*."""
        for _ in range(4):
            if unit & 255 >= blocks:
                raise BadPatternCode
            unit >>= 8
