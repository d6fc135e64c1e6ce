"""Effects answer what a call may touch."""

from hypothesis import given
from hypothesis import strategies as st
from ouro.jitcore.descriptors import (
    CAN_RAISE,
    CANNOT_RAISE,
    ELIDABLE_CAN_RAISE,
    ELIDABLE_CANNOT_RAISE,
    ELIDABLE_MEMORY_ERROR,
    EXTRA_NAMES,
    FORCES,
    LOOP_INVARIANT,
    RANDOM,
    ArrayDescriptor,
    EffectDescriptor,
    FieldDescriptor,
    LoopToken,
    SizeDescriptor,
)
from ouro.jitcore.descriptors.calls import in_bit_set, make_bit_set


@given(st.sets(st.integers(0, 300)), st.integers(0, 400))
def test_a_bit_set_holds_what_it_was_made_of(indices, probe):
    bits = make_bit_set(indices)
    assert all(in_bit_set(bits, index) for index in indices)
    assert in_bit_set(bits, probe) == (probe in indices)


def field_number(index):
    return FieldDescriptor(SizeDescriptor("S", 16, 8, 0), "x", 8, 8, "i", True, False, False, index)


def array_number(index):
    return ArrayDescriptor("A", 16, 8, 8, "i", True, 24, False, index)


def test_an_effect_touches_what_its_sets_name():
    effect = EffectDescriptor(CAN_RAISE, make_bit_set([3]), make_bit_set([4]), make_bit_set([9]), make_bit_set([10]))
    assert [effect.reads_field(field_number(n)) for n in (3, 4, 70)] == [True, False, False]
    assert [effect.writes_field(field_number(n)) for n in (3, 4, 70)] == [False, True, False]
    assert [effect.reads_array(array_number(n)) for n in (9, 10)] == [True, False]
    assert [effect.writes_array(array_number(n)) for n in (9, 10)] == [False, True]


def test_a_random_effect_touches_everything():
    effect = EffectDescriptor(RANDOM)
    assert effect.reads_field(field_number(1)) and effect.writes_field(field_number(1))
    assert effect.reads_array(array_number(1)) and effect.writes_array(array_number(1))


def test_what_the_extra_effects_mean():
    raising = [extra for extra in range(len(EXTRA_NAMES)) if EffectDescriptor(extra).can_raise()]
    assert raising == [ELIDABLE_MEMORY_ERROR, ELIDABLE_CAN_RAISE, CAN_RAISE, FORCES, RANDOM]
    elidable = [extra for extra in range(len(EXTRA_NAMES)) if EffectDescriptor(extra).is_elidable()]
    assert elidable == [ELIDABLE_CANNOT_RAISE, ELIDABLE_MEMORY_ERROR, ELIDABLE_CAN_RAISE]
    assert not EffectDescriptor(LOOP_INVARIANT).forces() and not EffectDescriptor(CANNOT_RAISE).forces()
    assert EffectDescriptor(FORCES).forces() and EffectDescriptor(RANDOM).forces()


def test_only_a_structure_with_a_vtable_is_an_instance():
    assert SizeDescriptor("A", 16, 8, 4096).is_instance()
    assert not SizeDescriptor("B", 16, 8, 0).is_instance()


def test_a_loop_knows_its_targets():
    loop = LoopToken("loop", "ir", "i")
    targets = [loop.new_target("start"), loop.new_target("peeled")]
    assert loop.targets == targets
    assert all(target.loop is loop for target in targets)


def test_an_array_without_a_length_says_so():
    assert array_number(0).has_length()
    assert not ArrayDescriptor("B", 0, 8, -1, "i", True, 0, False, 1).has_length()
