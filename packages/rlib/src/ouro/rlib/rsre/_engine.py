"""The matcher: a backtracking machine with an explicit stack, so that no subject overflows the C stack.

The registers are a place in the pattern code, a position in the subject, the group marks and the innermost open
repeat. Where the pattern has a choice, the other possibility goes on the stack; where a mark changes, its old
value does. Failing means popping: old values are put back until a choice is found to go on with. (The trail
of a Prolog machine: Warren, "An Abstract Prolog Instruction Set", 1983.) Open repeats are immutable and linked, so a
choice remembers the whole nest of them by one reference.

The machine is made twice by `make_matcher`, for 8-bit strings and for UTF-8, from functions that read and
step over one character. Each has its loop twice: one that the JIT knows nothing of, and one with a merge point. Most
matches are short, and over before compiled code is entered; so the former begins, and hands over what takes long. Code
that is compiled for a program that matches takes up the latter for patterns that have had much to do: not before is
compiling the match along with the program worth its time. (Tiers, as in every JIT since Self's; here by work.)
"""

from ouro.rlib import rutf8
from ouro.rlib.jit import JitDriver, promote, unroll_safe, we_are_jitted
from ouro.rlib.rsre import _opcodes as op
from ouro.rlib.rsre._classes import in_set, is_word
from ouro.rlib.rsre._pattern import is_single, single_size
from ouro.rlib.rsre._validation import BadPatternCode
from ouro.rlib.rstring import find


class Match:
    """Where a pattern matched: *marks* holds start and end of each group, -1 where it took no part.

    *start* and *end* are the place of the whole match, *last_group* the group closed last (0: none).
    """

    _immutable_fields_ = ["start", "end", "marks[*]", "last_group"]

    def __init__(self, start, end, marks, last_group):
        self.start = start
        self.end = end
        self.marks = marks
        self.last_group = last_group

    def group_start(self, group):
        """The start of *group*, where 0 is the whole match; -1 where it took no part."""
        if group == 0:
            return self.start
        if self.marks[2 * group - 1] < 0:
            return -1
        return self.marks[2 * group - 2]

    def group_end(self, group):
        if group == 0:
            return self.end
        if self.marks[2 * group - 2] < 0:
            return -1
        return self.marks[2 * group - 1]


class OpenRepeat:
    """One level of the nest of repeats being matched.

    *start* is the place of the REPEAT in the code, *count* how often its body has matched, *last* the
    position at which the body was entered last (-1: never), *outer* the repeat around it.
    """

    _immutable_fields_ = ["start", "count", "last", "outer"]

    def __init__(self, start, count, last, outer):
        self.start = start
        self.count = count
        self.last = last
        self.outer = outer


# What the four integers (a, b, c, kind) of a stack entry mean. All but MARK_CHANGED are choices, to which belongs the
# item of `repeats` with the number of the entry where the pattern has repeats.
MARK_CHANGED = 0  # mark a had the value b
TRY = 1  # go on at code a, position b
TRY_BRANCH = 2  # go on with the alternative whose length stands at code a, position b
GIVE_BACK = 3  # the greedy one-character repeat at code a ends at b and can give back c characters
TAKE_MORE = 4  # the lazy one-character repeat at code a ends at b after c characters
TRY_BODY = 5  # the lazy repeat whose UNTIL is at code a matches its body once more at position b
ENTRY_SIZE = 4
ENTRY_SHIFT = 2
FIRST_STACK = 8 * ENTRY_SIZE
NO_STACK: "list[int]" = []
NO_REPEATS: "list[OpenRepeat | None]" = []
# A mask: so often does a match that goes back over and over look at what else happens.
CHECK_INTERVAL = 0xFFF
# After so many steps back, or rounds of repeats, does a match go on in the loop that the JIT compiles: sooner where the
# pattern has had much work.
LONG_MATCH = 300
FIRST_LONG_MATCH = 10 * LONG_MATCH
# What beginning to match counts, in the same unit; and the work after which compiled code looks into a pattern.
WORK_OF_MATCH = 10
MUCH_WORK = 400000


class Matcher:
    """The registers of a machine that runs *pattern* over ``string[:end]``; the machines are subclasses.

    After a match, `position` is where it ends, `marks` holds start and end of each group (-1 where it took no part; or
    of a part that did not end) and `last_group` the group closed last (0: none).
    """

    _immutable_fields_ = ["pattern", "string", "end"]

    def __init__(self, pattern, string, end):
        self.pattern = pattern
        self.string = string
        self.end = end
        self.marks = [-1] * (2 * pattern.groups)
        self.last_group = 0
        self.stack = NO_STACK
        self.top = 0
        self.repeats = NO_REPEATS
        self.repeat = None
        self.nesting = 0
        self.has_unsaved_marks = False
        self.place = 0
        self.position = 0
        self.failures = 0
        self.are_marks_shared = False

    def reset(self):
        """Be as new, after a match. The marks of that one are left to whoever took them."""
        self.forget_marks()
        self.top = 0
        self.repeat = None
        self.nesting = 0

    def forget_marks(self):
        marks = self.marks
        if len(marks) > 0:
            if self.are_marks_shared:
                self.marks = [-1] * len(marks)
                self.are_marks_shared = False
            else:
                for index in range(len(marks)):
                    marks[index] = -1
            self.last_group = 0
        self.has_unsaved_marks = False

    def take_marks(self):
        """The marks, with both of a group -1 where one is. They are the caller's."""
        self.are_marks_shared = True
        marks = self.marks
        for index in range(0, len(marks), 2):
            if marks[index] < 0 or marks[index + 1] < 0:
                marks[index] = -1
                marks[index + 1] = -1
        return marks

    def match(self, start):
        """Whether the pattern matches at *start*, which is no further than the end."""
        raise NotImplementedError

    def search(self, start):
        """Where the first match at or after *start* begins, or -1."""
        raise NotImplementedError


def describe_place(place, pattern):
    return "regular expression, opcode %d at %d" % (pattern.code[place], place)


def make_matcher(name, code_at, next_position, previous_position):
    """The matcher class for one kind of string.

    Args:
        code_at: ``(string, position) -> code`` of the character there.
        next_position, previous_position: ``(string, position) -> position`` one character on or back.
    """
    driver = JitDriver(
        name=name,
        greens=["place", "pattern"],
        reds=["position", "base", "matcher"],
        get_printable_location=describe_place,
        is_recursive=True,
    )

    def make_run(is_compiled):
        """The loop: the one of `run_compiled` or of `run`."""

        def run(self, place, position, base):
            pattern = self.pattern
            limit = LONG_MATCH if pattern.work >= MUCH_WORK else FIRST_LONG_MATCH
            left = limit
            while True:
                if is_compiled:
                    driver.jit_merge_point(place=place, pattern=pattern, position=position, base=base, matcher=self)
                code = pattern.code
                kind = code[place]
                if is_single(kind):
                    if position < self.end and self._is_match(kind, place, code_at(self.string, position)):
                        position = next_position(self.string, position)
                        place += single_size(kind, code, place)
                        continue
                elif kind == op.SUCCESS:
                    self.position = position
                    if not is_compiled:
                        pattern.work += WORK_OF_MATCH + limit - left
                    return True
                elif kind == op.MARK:
                    self._set_mark(code[place + 1], position)
                    place += 2
                    continue
                elif kind == op.AT:
                    if self._is_at(code[place + 1], position):
                        place += 2
                        continue
                elif kind == op.REPEAT_ONE:
                    if self._repeat_one(place, position):
                        place = self.place
                        position = self.position
                        continue
                elif kind == op.MAX_UNTIL or kind == op.MIN_UNTIL:
                    self._until(place, position, kind == op.MAX_UNTIL)
                    place = self.place
                    position = self.position
                    if is_compiled:
                        driver.can_enter_jit(place=place, pattern=pattern, position=position, base=base, matcher=self)
                    elif left > 0:
                        left -= 1
                    else:
                        pattern.work += WORK_OF_MATCH + limit
                        return self.run_compiled(place, position, base)
                    continue
                elif kind == op.REPEAT:
                    self.repeat = OpenRepeat(place, -1, -1, self.repeat)
                    place += 1 + code[place + 1]
                    continue
                elif kind == op.BRANCH:
                    if self._branch(place + 1, position):
                        place = self.place
                        continue
                elif kind == op.JUMP or kind == op.INFO:
                    place += 1 + code[place + 1]
                    continue
                elif kind == op.MIN_REPEAT_ONE:
                    if self._lazy_one(place, position):
                        place = self.place
                        position = self.position
                        continue
                elif kind == op.GROUPREF or kind == op.GROUPREF_IGNORE:
                    if self._group_again(code[place + 1], position, kind == op.GROUPREF_IGNORE):
                        position = self.position
                        place += 2
                        continue
                elif kind == op.GROUPREF_EXISTS:
                    group = code[place + 1]
                    if self._has_matched(group):
                        place += 3
                    else:
                        place += 1 + code[place + 2]
                    continue
                elif kind == op.ASSERT:
                    if self._assertion(place, position):
                        place += 1 + code[place + 1]
                        continue
                elif kind == op.ASSERT_NOT:
                    if not self._assertion(place, position):
                        place += 1 + code[place + 1]
                        continue
                elif kind != op.FAILURE:
                    raise BadPatternCode
                if not self._fail(base):
                    if not is_compiled:
                        pattern.work += WORK_OF_MATCH + limit - left
                    return False
                is_backward = self.place <= place
                place = self.place
                position = self.position
                if is_compiled:
                    if is_backward:
                        driver.can_enter_jit(place=place, pattern=pattern, position=position, base=base, matcher=self)
                elif left > 0:
                    left -= 1
                elif is_backward:
                    pattern.work += WORK_OF_MATCH + limit
                    return self.run_compiled(place, position, base)

        return run

    class Machine(Matcher):
        def match(self, start):
            pattern = self.pattern
            if we_are_jitted() and pattern.work >= MUCH_WORK:
                return self.run_compiled(0, start, self.top)
            return self.run(0, start)

        def result(self, start):
            return Match(start, self.position, self.marks[:], self.last_group)

        def _constant_pattern(self):
            """The pattern; in a trace the one that the trace is made for, so that its code is known there."""
            return promote(self.pattern)

        # ---- the stack

        def _push(self, a, b, c, kind):
            top = self.top
            assert top >= 0
            if top == len(self.stack):
                self._grow()
            stack = self.stack
            stack[top] = a
            stack[top + 1] = b
            stack[top + 2] = c
            stack[top + 3] = kind
            self.top = top + ENTRY_SIZE

        def _grow(self):
            larger = [0] * max(FIRST_STACK, 2 * len(self.stack))
            for index in range(self.top):
                larger[index] = self.stack[index]
            self.stack = larger
            if self.pattern.may_repeat:
                open_repeats = [None] * (len(larger) >> ENTRY_SHIFT)
                for index in range(len(self.repeats)):
                    open_repeats[index] = self.repeats[index]
                self.repeats = open_repeats

        def _choice(self, a, b, c, kind):
            self._push(a, b, c, kind)
            if self._constant_pattern().may_repeat:
                self.repeats[(self.top >> ENTRY_SHIFT) - 1] = self.repeat

        def _set_mark(self, index, position):
            assert index >= 0
            if self.top > 0 or self.nesting > 0:
                self._push(index, self.marks[index], self.last_group, MARK_CHANGED)
            else:
                self.has_unsaved_marks = True  # there is no choice to go back to: failing ends the attempt
            self.marks[index] = position
            if index & 1:
                self.last_group = (index >> 1) + 1

        def _fail(self, base):
            """Go back to the last choice above *base*: sets place and position; false where there is none."""
            self.failures += 1
            if self.failures & CHECK_INTERVAL == 0:
                self.pattern.classes.look_around()
            while self.top > base:
                stack = self.stack
                top = self.top - ENTRY_SIZE
                assert top >= 0
                self.top = top
                a = stack[top]
                b = stack[top + 1]
                c = stack[top + 2]
                kind = stack[top + 3]
                if kind == MARK_CHANGED:
                    assert a >= 0
                    self.marks[a] = b
                    self.last_group = c
                    continue
                if self.pattern.may_repeat:
                    self.repeat = self.repeats[top >> ENTRY_SHIFT]
                if kind == TRY:
                    self.place = a
                    self.position = b
                    return True
                if self._retry(kind, a, b, c):
                    return True
            return False

        def _retry(self, kind, a, b, c):
            """Go on with a choice that needs more than a jump; false where it has no possibility left."""
            code = self.pattern.code
            if kind == TRY_BRANCH:
                return self._branch(a, b)
            if kind == GIVE_BACK:
                return self._give_back(a, previous_position(self.string, b), c - 1)
            if kind == TAKE_MORE:
                maximum = code[a + 3]
                if maximum != op.MAXIMUM_REPEAT and c >= maximum:
                    return False
                if not self._matches_one(a + 4, b):
                    return False
                return self._take(a, self.position, c + 1)
            repeat = self.repeat
            maximum = code[repeat.start + 3]
            if (maximum != op.MAXIMUM_REPEAT and repeat.count + 1 >= maximum) or b == repeat.last:
                return False
            self.repeat = OpenRepeat(repeat.start, repeat.count + 1, b, repeat.outer)
            self.place = repeat.start + 4
            self.position = b
            return True

        def _cut(self, base):
            """Drop the choices above *base* but keep the old values of marks, for whoever fails later."""
            stack = self.stack
            kept = base
            index = base
            while index < self.top:
                if stack[index + 3] == MARK_CHANGED:
                    for offset in range(ENTRY_SIZE):
                        stack[kept + offset] = stack[index + offset]
                    kept += ENTRY_SIZE
                index += ENTRY_SIZE
            self.top = kept

        # ---- single characters

        def _matches_one(self, place, position):
            """Match the item of a one-character repeat at *place*; sets `position` behind it."""
            pattern = self._constant_pattern()
            if position < self.end:
                kind = pattern.code[place]
                if pattern.is_single_item(place):
                    if not self._is_match(kind, place, code_at(self.string, position)):
                        return False
                    self.position = next_position(self.string, position)
                    return True
            return self._nested(place, position)

        def _is_match(self, kind, place, character):
            """Whether the single-character operation *kind* at *place* accepts *character*."""
            return self._constant_pattern().matches(kind, place, character)

        def _count(self, place, position, maximum):
            """How often the item at *place* matches from *position* on, at most *maximum* times.

            Sets `position` behind the last one.
            """
            if self._constant_pattern().is_single_item(place):
                return self._count_characters(place, position, maximum)
            return self._count_items(place, position, maximum)

        def _count_items(self, place, position, maximum):
            count = 0
            while count < maximum and self._nested(place, position):
                position = self.position
                count += 1
            self.position = position
            return count

        def _count_characters(self, place, position, maximum):
            """As `_count`, of an item that looks at one character alone. A call in traces: it is a loop of its own."""
            pattern = self.pattern
            code = pattern.code
            string = self.string
            end = self.end
            kind = code[place]
            count = 0
            if kind == op.IN and pattern.has_tables():
                table = pattern.set_table(place + 2, False)
                while count < maximum and position < end:
                    character = code_at(string, position)
                    if character < 256:
                        if table[character] == "\x00":
                            break
                    elif not in_set(pattern, place + 2, character):
                        break
                    position = next_position(string, position)
                    count += 1
            elif kind == op.LITERAL:
                wanted = code[place + 1]
                while count < maximum and position < end and code_at(string, position) == wanted:
                    position = next_position(string, position)
                    count += 1
            elif kind == op.ANY or kind == op.NOT_LITERAL:
                unwanted = 10 if kind == op.ANY else code[place + 1]
                while count < maximum and position < end and code_at(string, position) != unwanted:
                    position = next_position(string, position)
                    count += 1
            else:
                while count < maximum and position < end:
                    if not self._is_match(kind, place, code_at(string, position)):
                        break
                    position = next_position(string, position)
                    count += 1
            self.position = position
            return count

        def _nested(self, place, position):
            """Match from *place* to its SUCCESS on its own: an assertion, or an item that is no single character."""
            repeat = self.repeat
            base = self.top
            self.nesting += 1
            if we_are_jitted():
                matched = self.run_compiled(place, position, base)
            else:
                matched = self.run(place, position)
            self.nesting -= 1
            if matched:
                self._cut(base)
            self.repeat = repeat
            return matched

        # ---- choices

        @unroll_safe
        def _branch(self, place, position):
            """Take the first alternative from *place* on that can begin here; *place* is that of a length."""
            code = self._constant_pattern().code
            while True:
                length = code[place]
                if length == 0:
                    return False
                first = code[place + 1]
                if self._can_begin(first, place + 1, position):
                    if code[place + length] != 0:
                        self._choice(place + length, position, 0, TRY_BRANCH)
                    self.place = place + 1
                    self.position = position
                    return True
                place += length

        def _can_begin(self, kind, place, position):
            """False only where one look at the next character rules out what begins at *place*."""
            if kind != op.LITERAL and kind != op.IN:
                return True
            return position < self.end and self._is_match(kind, place, code_at(self.string, position))

        def _give_back(self, place, position, count):
            """Go on behind a greedy one-character repeat that has *count* characters to spare."""
            code = self._constant_pattern().code
            after = place + 1 + code[place + 1]
            first = code[after]
            if not self._can_begin(first, after, position):
                count = self._step_back(first, after, position, count)
                if count < 0:
                    return False
                position = self.position
            if count > 0:
                self._choice(place, position, count, GIVE_BACK)
            self.place = after
            self.position = position
            return True

        def _step_back(self, first, after, position, count):
            """From *position* back to where *after* can begin, by at most *count* characters.

            Returns how many may still be given back, -1 where it can begin nowhere. Sets `position`.
            """
            while count > 0:
                position = previous_position(self.string, position)
                count -= 1
                if self._can_begin(first, after, position):
                    self.position = position
                    return count
            return -1

        def _take(self, place, position, count):
            """Go on behind a lazy one-character repeat that has matched *count* times."""
            self._choice(place, position, count, TAKE_MORE)
            self.place = place + 1 + self._constant_pattern().code[place + 1]
            self.position = position
            return True

        def _repeat_one(self, place, position):
            code = self._constant_pattern().code
            minimum = code[place + 2]
            count = self._count(place + 4, position, code[place + 3])
            if count < minimum:
                return False
            if self._constant_pattern().is_single_item(place + 4):
                return self._give_back(place, self.position, count - minimum)
            return self._give_back_items(place, position, count)

        def _give_back_items(self, place, position, count):
            """As `_give_back` where items are no single characters: each end becomes a choice of its own."""
            code = self.pattern.code
            after = place + 1 + code[place + 1]
            for done in range(count):
                if done >= code[place + 2]:
                    self._choice(after, position, 0, TRY)
                self._nested(place + 4, position)
                position = self.position
            self.place = after
            self.position = position
            return True

        def _lazy_one(self, place, position):
            minimum = self._constant_pattern().code[place + 2]
            self.position = position
            if minimum > 0 and self._count(place + 4, position, minimum) < minimum:
                return False
            return self._take(place, self.position, minimum)

        def _until(self, place, position, is_greedy):
            """The end of the body of the innermost repeat: match it again, or go on behind it."""
            code = self._constant_pattern().code
            repeat = self.repeat
            start = promote(repeat.start)
            count = repeat.count + 1
            self.position = position
            if count < code[start + 2]:
                self.repeat = OpenRepeat(start, count, repeat.last, repeat.outer)
                self.place = start + 4
                return
            if is_greedy:
                maximum = code[start + 3]
                if (count < maximum or maximum == op.MAXIMUM_REPEAT) and position != repeat.last:
                    self.repeat = repeat.outer
                    self._choice(place + 1, position, 0, TRY)
                    self.repeat = OpenRepeat(start, count, position, repeat.outer)
                    self.place = start + 4
                    return
            else:
                self._choice(place, position, 0, TRY_BODY)
            self.repeat = repeat.outer
            self.place = place + 1

        # ---- places

        def _word_boundary(self, position, kind):
            before = position > 0 and self._is_word(previous_position(self.string, position), kind)
            after = position < self.end and self._is_word(position, kind)
            return before != after

        def _is_word(self, position, kind):
            character = code_at(self.string, position)
            if kind == op.AT_LOC_BOUNDARY:
                return self.pattern.classes.locale_is_word(character)
            if kind == op.AT_UNI_BOUNDARY:
                return self.pattern.classes.unicode_is_word(character)
            return is_word(character)

        def _is_at(self, kind, position):
            end = self.end
            if kind == op.AT_BEGINNING or kind == op.AT_BEGINNING_STRING:
                return position == 0
            if kind == op.AT_BEGINNING_LINE:
                return position == 0 or self.string[position - 1] == "\n"
            if kind == op.AT_END:
                return position == end or (position + 1 == end and self.string[position] == "\n")
            if kind == op.AT_END_LINE:
                return position == end or self.string[position] == "\n"
            if kind == op.AT_END_STRING:
                return position == end
            if end == 0:
                return False
            if kind == op.AT_BOUNDARY or kind == op.AT_LOC_BOUNDARY or kind == op.AT_UNI_BOUNDARY:
                return self._word_boundary(position, kind)
            if kind == op.AT_NON_BOUNDARY or kind == op.AT_LOC_NON_BOUNDARY or kind == op.AT_UNI_NON_BOUNDARY:
                return not self._word_boundary(position, kind - 1)
            raise BadPatternCode

        def _has_matched(self, group):
            if 2 * group >= len(self.marks):
                return False
            return self.marks[2 * group] >= 0 and self.marks[2 * group + 1] >= self.marks[2 * group]

        def _group_again(self, group, position, ignore_case):
            """Match the text of *group* once more; sets `position` behind it."""
            start = self.marks[2 * group]
            stop = self.marks[2 * group + 1]
            if start < 0 or stop < start:
                return False
            string = self.string
            pattern = self.pattern
            while start < stop:
                if position >= self.end:
                    return False
                left = code_at(string, start)
                right = code_at(string, position)
                if left != right and not (ignore_case and pattern.lower(left) == pattern.lower(right)):
                    return False
                start = next_position(string, start)
                position = next_position(string, position)
            self.position = position
            return True

        @unroll_safe
        def _assertion(self, place, position):
            """Match the body of a look-ahead or look-behind at *place*."""
            back = self._constant_pattern().code[place + 2]
            while back > 0:
                if position <= 0:
                    return False
                position = previous_position(self.string, position)
                back -= 1
            return self._nested(place + 3, position)

        # ---- the machine

        run_compiled = make_run(True)
        run_uncompiled = make_run(False)

        def run(self, place, position):
            """Match the code from *place* on at *position*; sets `position` to the end of the match.

            Raises:
                BadPatternCode: an operation is unknown.
            """
            return self.run_uncompiled(place, position, self.top)

        # ---- searching

        def search(self, start):
            """Find the first match at or after *start*: its start, or -1."""
            pattern = self.pattern
            body = pattern.body()
            prefix = pattern.prefix()
            if prefix is not None:
                return self._search_prefix(start, body, prefix)
            beginnings = pattern.beginnings()
            if beginnings is not None:
                return self._search_beginning(start, body, beginnings)
            return self._search_everywhere(start, body)

        def _matches_at(self, place, position):
            # a failure has emptied the stack and put back every mark whose old value was there
            if self.run(place, position):
                return True
            self.repeat = None
            if self.has_unsaved_marks:
                self.forget_marks()
            return False

        def _search_everywhere(self, position, body):
            string = self.string
            while True:
                if self._matches_at(body, position):
                    return position
                if position >= self.end:
                    return -1
                position = next_position(string, position)

        def _search_prefix(self, position, body, prefix):
            """Try only where the literal prefix of the pattern stands."""
            string = self.string
            while True:
                position = find(string, prefix, position, self.end)
                if position < 0:
                    return -1
                if self._matches_at(body, position):
                    return position
                position = next_position(string, position)

        def _search_beginning(self, position, body, beginnings):
            """Try only where a character stands that a match can begin with."""
            string = self.string
            end = self.end
            while position < end:
                character = code_at(string, position)
                if (character >= 256 or beginnings[character] == "\x01") and self._matches_at(body, position):
                    return position
                position = next_position(string, position)
            return -1

    Machine.__name__ = Machine.__qualname__ = name
    return Machine


def _byte_at(string, position):
    return ord(string[position])


def _byte_after(string, position):
    return position + 1


def _byte_before(string, position):
    return position - 1


BytesMatcher = make_matcher("BytesMatcher", _byte_at, _byte_after, _byte_before)
Utf8Matcher = make_matcher(
    "Utf8Matcher",
    rutf8.codepoint_at_pos,
    rutf8.next_codepoint_pos,
    rutf8.prev_codepoint_pos,
)


def match(pattern, string, start, end):
    """Match *pattern* at *start* of ``string[:end]``: a `Match` or None."""
    matcher = BytesMatcher(pattern, string, end)
    if matcher.run(0, start):
        return matcher.result(start)
    return None


def search(pattern, string, start, end):
    """Find the first match of *pattern* at or after *start* of ``string[:end]``: a `Match` or None."""
    matcher = BytesMatcher(pattern, string, end)
    found = matcher.search(start)
    if found < 0:
        return None
    return matcher.result(found)


def match_utf8(pattern, text, start, end):
    """As `match`, over UTF-8; *start* and *end* are byte offsets, as all positions of the result."""
    matcher = Utf8Matcher(pattern, text, end)
    if matcher.run(0, start):
        return matcher.result(start)
    return None


def search_utf8(pattern, text, start, end):
    """As `search`, over UTF-8; *start* and *end* are byte offsets, as all positions of the result."""
    matcher = Utf8Matcher(pattern, text, end)
    found = matcher.search(start)
    if found < 0:
        return None
    return matcher.result(found)
