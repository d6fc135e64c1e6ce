"""Strings that are built and looked at are not made; where they are needed they are copied together once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_support import Optimizing, bits
from ouro.jitcore.descriptors import ELIDABLE_CANNOT_RAISE, EffectDescriptor
from ouro.jitcore.descriptors.calls import SPECIAL_SHRINK_STRING, SPECIAL_STRING_EQUAL
from ouro.jitcore.resume import rebuild
from ouro.jitcore.text import print_resume
from ouro.lltype import GCREF, FuncType, Ptr, Signed, cast_opaque_ptr, functionptr, malloc
from samples import STRING, string_of

ON = bits("ranges rewrite guards pure allocation heap strings")


def make_world(enabled=ON):
    world = Optimizing(enabled)
    table, names = world.memory.descriptors, world.names
    text = Ptr(STRING)
    for name, TYPE, function, special in (
        ("same", FuncType([text, text], Signed), lambda a, b: int(string_of_pointer(a) == string_of_pointer(b)),
         SPECIAL_STRING_EQUAL),
        ("shrink", FuncType([text, Signed], text), lambda a, n: pointer_of(string_of_pointer(a)[:n]),
         SPECIAL_SHRINK_STRING),
    ):
        names.add_integer(name, world.memory.address_of(functionptr(TYPE, name, callable=function)))
        effect = EffectDescriptor(ELIDABLE_CANNOT_RAISE, special=special)
        names.add_descriptor(table.call(TYPE, effect), f"call.{name}")
    return world


def pointer_of(text):
    string = malloc(STRING, len(text))
    string.hash = 0
    for index, character in enumerate(text):
        string.chars[index] = character
    return string


def string(text):
    return cast_opaque_ptr(GCREF, pointer_of(text))


def string_of_pointer(pointer):
    return "".join(pointer.chars)


@pytest.fixture
def world():
    return make_world()


CONCATENATION = """
i2 = strlen(r0, String)
i3 = strlen(r1, String)
i4 = int_add(i2, i3)
r5 = newstr(i4, String)
copystrcontent(r0, r5, 0, 0, i2, String)
copystrcontent(r1, r5, 0, i2, i3, String)
"""


def test_the_length_of_a_concatenation_is_the_sum(world):
    world.check("[r0, r1]" + CONCATENATION + """
        i6 = strlen(r5, String)
        finish(i6, done_i)
    """, """
        [r0, r1]
        i2 = strlen(r0, String)
        i3 = strlen(r1, String)
        i4 = int_add(i2, i3)
        finish(i4, done_i)
    """)


def test_a_guard_describes_a_concatenation(world):
    text = "[r0, r1, i9]" + CONCATENATION + """
        i10 = int_lt(i9, 5)
        guard_true(i10) {r5}
        finish(i9, done_i)
    """
    trace = world.loop(text).trace
    assert "newstr" not in world.text(text)
    assert print_resume(trace, trace.guards[0], world.names).strip().split("\n")[1] == (
        "v0 = concatenation String (r0, r1)")
    world.backend.compile_loop(trace, world.token)
    frame = world.enter(world.token, string("abc"), string("de"), 9)
    materializer = rebuild(world.machine, world.backend, frame)
    found = materializer.reference_of(materializer.reader.tokens[materializer.reader.frame_starts[0]])
    assert string_of(found) == "abcde"


def test_a_concatenation_of_concatenations_is_copied_together_once(world):
    world.check("[r0, r1]" + CONCATENATION + """
        i6 = int_add(i4, i2)
        r7 = newstr(i6, String)
        setfield_gc(r7, 0, string.hash)
        copystrcontent(r5, r7, 0, 0, i4, String)
        copystrcontent(r0, r7, 0, i4, i2, String)
        finish(r7, done_r)
    """.replace("setfield_gc(r7, 0, string.hash)\n", ""), """
        [r0, r1]
        i2 = strlen(r0, String)
        i3 = strlen(r1, String)
        i4 = int_add(i2, i3)
        i6 = int_add(i4, i2)
        r7 = newstr(i6, String)
        copystrcontent(r0, r7, 0, 0, i2, String)
        copystrcontent(r1, r7, 0, i2, i3, String)
        copystrcontent(r0, r7, 0, i4, i2, String)
        finish(r7, done_r)
    """)


def test_a_character_of_a_slice_is_one_of_the_string(world):
    world.check("""
        [r0, i1, i2]
        r3 = newstr(i2, String)
        copystrcontent(r0, r3, i1, 0, i2, String)
        i4 = strgetitem(r3, 2, String)
        i5 = strgetitem(r3, i1, String)
        i6 = int_add(i4, i5)
        finish(i6, done_i)
    """, """
        [r0, i1, i2]
        i3 = int_add(i1, 2)
        i4 = strgetitem(r0, i3, String)
        i5 = int_lshift(i1, 1)
        i6 = strgetitem(r0, i5, String)
        i7 = int_add(i4, i6)
        finish(i7, done_i)
    """)


def test_single_characters_are_known(world):
    world.check("""
        [i0, r9]
        i1 = strgetitem(r9, 0, String)
        r2 = newstr(2, String)
        strsetitem(r2, 0, i0, String)
        strsetitem(r2, 1, i1, String)
        i3 = strgetitem(r2, 1, String)
        i4 = strlen(r2, String)
        i5 = int_add(i3, i4)
        finish(i5, done_i)
    """, """
        [i0, r9]
        i1 = strgetitem(r9, 0, String)
        i5 = int_add(i1, 2)
        finish(i5, done_i)
    """)


def test_a_string_of_constants_is_made_while_optimising(world):
    world.names.add_reference("ab", string("ab"))
    trace = world.loop("""
        []
        r2 = newstr(4, String)
        copystrcontent($ab, r2, 0, 0, 2, String)
        strsetitem(r2, 2, 120, String)
        strsetitem(r2, 3, 121, String)
        finish(r2, done_r)
    """).trace
    assert trace.length() == 2
    assert string_of(trace.constants.reference_of(trace.operand(1, 0))) == "abxy"


def test_a_string_that_is_being_filled_is_described_if_it_can_be(world):
    text = """
        [i0]
        r2 = newstr(3, String)
        strsetitem(r2, 0, i0, String)
        i3 = int_lt(i0, 100)
        guard_true(i3) {r2}
        strsetitem(r2, 1, 65, String)
        strsetitem(r2, 2, i0, String)
        i4 = strgetitem(r2, 2, String)
        finish(i4, done_i)
    """
    trace = world.loop(text).trace
    assert "newstr" not in world.text(text)
    assert print_resume(trace, trace.guards[0], world.names).strip().split("\n")[1] == "v0 = string String (i0, _, _)"


def test_a_string_that_cannot_be_described_is_made_in_front_of_the_guard(world):
    world.check("""
        [r0, i1]
        i2 = strlen(r0, String)
        i3 = int_add(i2, 1)
        r4 = newstr(i3, String)
        copystrcontent(r0, r4, 0, 0, i2, String)
        i5 = int_lt(i1, 100)
        guard_true(i5) {r4}
        strsetitem(r4, i2, i1, String)
        finish(r4, done_r)
    """, """
        [r0, i1]
        i2 = strlen(r0, String)
        i3 = int_add(i2, 1)
        i5 = int_lt(i1, 100)
        r4 = newstr(i3, String)
        copystrcontent(r0, r4, 0, 0, i2, String)
        guard_true(i5) {r4}
        strsetitem(r4, i2, i1, String)
        finish(r4, done_r)
    """)


def test_the_buffer_of_a_builder_becomes_the_string(world):
    world.check("""
        [r0, i1]
        r2 = newstr(100, String)
        strsetitem(r2, 0, i1, String)
        i3 = strlen(r0, String)
        copystrcontent(r0, r2, 0, 1, i3, String)
        i4 = int_add(i3, 1)
        r5 = call_r(@shrink, r2, i4, call.shrink)
        i6 = strlen(r5, String)
        finish(r5, done_r)
    """, """
        [r0, i1]
        i3 = strlen(r0, String)
        i4 = int_add(i3, 1)
        r2 = newstr(i4, String)
        strsetitem(r2, 0, i1, String)
        copystrcontent(r0, r2, 0, 1, i3, String)
        finish(r2, done_r)
    """)


def test_strings_of_different_lengths_or_characters_are_not_equal(world):
    world.names.add_reference("ab", string("ab"))
    world.names.add_reference("a", string("a"))
    world.check("""
        [i0]
        r1 = newstr(1, String)
        strsetitem(r1, 0, i0, String)
        i2 = call_i(@same, r1, $ab, call.same)
        guard_false(i2) {}
        r3 = newstr(2, String)
        strsetitem(r3, 0, 97, String)
        strsetitem(r3, 1, 98, String)
        i4 = call_i(@same, $ab, r3, call.same)
        guard_true(i4) {}
        i5 = call_i(@same, r1, r1, call.same)
        guard_true(i5) {}
        i6 = call_i(@same, r1, null, call.same)
        guard_false(i6) {}
        finish(i0, done_i)
    """, """
        [i0]
        finish(i0, done_i)
    """)


def test_a_character_is_loaded_once(world):
    world.check("""
        [r0, i1]
        i2 = strgetitem(r0, i1, String)
        i3 = strgetitem(r0, i1, String)
        i4 = int_sub(i2, i3)
        finish(i4, done_i)
    """, """
        [r0, i1]
        finish(0, done_i)
    """)


class Program:
    """A random trace over strings: what is known of each string is its text."""

    def __init__(self, data):
        self.lines = ["[r0, r1, i2]"]
        self.texts = {"r0": "hello", "r1": "xy"}
        self.next = 10
        self.data = data

    def new(self, kind):
        self.next += 1
        return f"{kind}{self.next}"

    def length(self, name):
        length = self.new("i")
        self.lines.append(f"{length} = strlen({name}, String)")
        return length

    def concatenate(self):
        first, second = self.pick(), self.pick()
        a, b, total, result = self.length(first), self.length(second), self.new("i"), self.new("r")
        self.lines += [
            f"{total} = int_add({a}, {b})", f"{result} = newstr({total}, String)",
            f"copystrcontent({first}, {result}, 0, 0, {a}, String)",
            f"copystrcontent({second}, {result}, 0, {a}, {b}, String)",
        ]  # fmt: skip
        self.texts[result] = self.texts[first] + self.texts[second]

    def slice(self):
        source, result = self.pick(), self.new("r")
        text = self.texts[source]
        start = self.data.draw(st.integers(0, len(text)))
        stop = self.data.draw(st.integers(start, len(text)))
        self.lines += [
            f"{result} = newstr({stop - start}, String)",
            f"copystrcontent({source}, {result}, {start}, 0, {stop - start}, String)",
        ]
        self.texts[result] = text[start:stop]

    def characters(self):
        result = self.new("r")
        text = self.data.draw(st.text("abc", min_size=1, max_size=3))
        self.lines.append(f"{result} = newstr({len(text)}, String)")
        self.lines += [f"strsetitem({result}, {n}, {ord(c)}, String)" for n, c in enumerate(text)]
        self.texts[result] = text

    def look(self):
        source = self.pick()
        if self.texts[source]:
            self.lines.append(
                f"{self.new('i')} = strgetitem({source}, {self.data.draw(st.integers(0, len(self.texts[source]) - 1))}"
                ", String)")

    def guard(self):
        condition = self.new("i")
        kept = ", ".join([self.pick() for _ in range(3)])
        self.lines += [f"{condition} = int_ne(i2, {self.data.draw(st.integers(0, 3))})", f"guard_true({condition}) "
                       "{" + kept + "}"]

    def pick(self):
        return self.data.draw(st.sampled_from(sorted(self.texts)))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_random_programs_give_the_same_strings(data):
    program = Program(data)
    steps = [program.concatenate, program.slice, program.characters, program.look, program.guard]
    for _ in range(data.draw(st.integers(2, 14))):
        data.draw(st.sampled_from(steps))()
    wanted = program.pick()
    text = "\n".join([*program.lines, f"finish({wanted}, done_r)"])
    for number in range(4):
        results = []
        for enabled in (0, ON):
            world = make_world(enabled)
            optimized = world.loop(text)
            world.backend.compile_loop(optimized.trace, world.token)
            frame = world.enter(world.token, string("hello"), string("xy"), number)
            if frame.descriptor in optimized.trace.guards:
                materializer = rebuild(world.machine, world.backend, frame)
                start = materializer.reader.frame_starts[0]
                results.append([
                    string_of(materializer.reference_of(materializer.reader.tokens[start + place]))
                    for place in range(3)])
            else:
                results.append(string_of(world.backend.value_reference(frame, 0)))
                assert results[-1] == program.texts[wanted]
        assert results[0] == results[1]
