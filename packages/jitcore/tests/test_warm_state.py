"""Counters find what is hot, cells remember what was done about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.jitcore.descriptors import LoopToken
from ouro.jitcore.tracer import Counters, Driver, DriverHooks, GreenKey, WarmState
from ouro.jitcore.tracer import parameters as params
from ouro.jitcore.tracer.counters import ONE, SETS, WAYS, increment_for, mix
from ouro.jitcore.tracer.dependencies import Dependencies
from ouro.lltype import GCREF, GcStruct, Signed, cast_opaque_ptr, malloc, nullptr

POINT = GcStruct("point", ("x", Signed))


def key(*numbers):
    return GreenKey(list(numbers), [], [])


def warm_state(hooks=None, **values):
    state = WarmState(Driver(0, "main", "i", "ir", "i", 0, None, hooks or DriverHooks()), Counters())
    for name, value in values.items():
        state.parameters.set(params.number_of(name), value)
    return state


@given(st.integers(1, 5000))
def test_a_place_is_hot_after_as_many_events_as_the_threshold_says(threshold):
    counters = Counters()
    increment = increment_for(threshold)
    answers = [counters.tick(123456789, increment) for _ in range(2 * threshold)]
    assert [index + 1 for index, hot in enumerate(answers) if hot] == [threshold, 2 * threshold]


def test_what_has_no_threshold_is_never_hot():
    counters = Counters()
    assert not any(counters.tick(5, increment_for(0)) for _ in range(100))
    assert not any(counters.tick(5, increment_for(-1)) for _ in range(100))


def test_places_of_one_set_count_apart_and_the_coldest_gives_way():
    counters = Counters()
    places = [mix(number, 7) & ~(SETS - 1) for number in range(WAYS + 1)]
    increment = increment_for(100)
    for rounds, place in enumerate(places[:WAYS]):
        for _ in range(2 * rounds + 2):
            counters.tick(place, increment)
    assert [counters.count(place) // increment for place in places] == [2, 4, 6, 8, 0]
    counters.tick(places[WAYS], increment)
    assert [counters.count(place) // increment for place in places] == [0, 4, 6, 8, 1]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(2, 9)), max_size=200))
def test_counters_agree_with_a_plain_dictionary(events):
    counters = Counters()
    model = {}
    for place, threshold in events:
        hash_value = mix(place, 99)
        model[place] = model.get(place, 0) + increment_for(threshold)
        hot = model[place] >= ONE
        if hot:
            model[place] = 0
        assert counters.tick(hash_value, increment_for(threshold)) == hot
    for place, count in model.items():
        assert counters.count(mix(place, 99)) == count


def test_counts_decay():
    counters = Counters()
    for _ in range(50):
        counters.tick(42, increment_for(100))
    counters.decay(100)
    assert counters.count(42) == pytest.approx(0.45 * ONE, rel=1e-6)
    counters.decay(0)
    assert counters.count(42) == pytest.approx(0.45 * ONE, rel=1e-6)
    counters.decay(1000)
    assert counters.count(42) == 0


def test_a_place_that_was_made_hot_is_hot_at_the_next_event():
    counters = Counters()
    counters.make_hot(77)
    assert counters.tick(77, increment_for(1000))
    counters.make_hot(77)
    counters.forget(77)
    assert not counters.tick(77, increment_for(1000))


def test_keys_are_the_same_by_value():
    one = cast_opaque_ptr(GCREF, malloc(POINT, zero=True))
    other = cast_opaque_ptr(GCREF, malloc(POINT, zero=True))
    null = nullptr(GCREF.TO)
    keys = [
        GreenKey([1], [one], [1.5]),
        GreenKey([1], [other], [1.5]),
        GreenKey([1], [null], [1.5]),
        GreenKey([2], [one], [1.5]),
        GreenKey([1], [one], [-0.0]),
        GreenKey([1], [one], [0.0]),
    ]
    for first in keys:
        for second in keys:
            assert first.same(second) == (first is second)
            assert (first.hash(0) == second.hash(0)) == (first is second)
    assert keys[0].same(GreenKey([1], [one], [1.5]))
    assert keys[0].hash(0) == GreenKey([1], [one], [1.5]).hash(0)
    assert keys[0].hash(0) != keys[0].hash(1)


def test_a_loop_header_is_reported_once_per_threshold():
    state = warm_state(threshold=3, function_threshold=2)
    place = key(10).hash(0)
    assert [state.at_loop_header(place) for _ in range(6)] == [False, False, True, False, False, True]
    start = key(11).hash(0)
    assert [state.at_function_start(start) for _ in range(4)] == [False, True, False, True]


def test_a_position_with_code_is_always_reported():
    state = warm_state(threshold=1000)
    cell = state.cell_for(key(1), key(1).hash(0))
    assert not state.at_loop_header(cell.hash)
    cell.token = LoopToken("loop", "ir", "i")
    assert state.at_loop_header(cell.hash) and state.at_function_start(cell.hash)
    assert state.code_at(key(1)) is cell.token
    cell.token.invalidated = True
    assert not state.at_loop_header(cell.hash)
    assert state.code_at(key(1)) is None


def test_a_position_is_let_alone_while_it_is_traced_and_for_longer_after_each_abort():
    state = warm_state(threshold=1)
    cell = state.cell_for(key(1), key(1).hash(0))
    assert state.at_loop_header(cell.hash)
    cell.tracing = True
    assert not state.at_loop_header(cell.hash)
    cell.tracing = False
    for aborts in range(1, 6):
        cell.aborts = aborts
        assert [state.at_loop_header(cell.hash) for _ in range(2**aborts)] == [False] * (2**aborts - 1) + [True]
    cell.trace_here = True
    assert state.at_loop_header(cell.hash)


def test_parameters_may_change_at_any_time():
    state = warm_state(threshold=-1)
    place = key(1).hash(0)
    assert not any(state.at_loop_header(place) for _ in range(50))
    state.parameters.set(params.THRESHOLD, 1)
    assert state.at_loop_header(place)
    state.parameters.set_to_default(params.THRESHOLD)
    assert not state.at_loop_header(place)
    assert params.number_of("no such thing") == -1


def test_guards_are_not_hot_while_the_jit_is_off():
    state = warm_state(threshold=5, trace_eagerness=2)
    assert [state.guard_is_hot(9, 0) for _ in range(4)] == [False, True, False, True]
    state.parameters.set(params.THRESHOLD, -1)
    assert not any(state.guard_is_hot(9, 0) for _ in range(10))


def test_each_bridge_that_is_given_up_doubles_how_often_its_guard_must_fail():
    state = warm_state(trace_eagerness=2)
    failures = []
    for aborts in range(4):
        count = 1
        while not state.guard_is_hot(9, aborts):
            count += 1
        failures.append(count)
    assert failures == [2, 4, 8, 16]


def test_cells_are_found_by_values_that_begin_with_their_greens():
    state = warm_state()
    keys = [key(number) for number in (4, 5)]
    cells = [state.cell_for(known, 77) for known in keys]
    for known, cell in zip(keys, cells):
        assert state.find_first(77, known.ints + [9], known.references, known.floats) is cell
    assert state.find_first(77, [6, 9], keys[0].references, []) is None
    assert state.find_first(76, keys[0].ints, keys[0].references, []) is None


def test_what_made_traces_too_long_is_not_inlined_but_traced_soon():
    class Hooks(DriverHooks):
        def can_never_inline(self, key):
            return key.ints[0] == 13

    state = warm_state(Hooks(), threshold=1000, function_threshold=1000)
    assert state.may_inline(key(1)) and not state.may_inline(key(13))
    state.never_inline(key(1))
    assert not state.may_inline(key(1)) and state.may_inline(key(2))
    assert state.at_function_start(key(1).hash(0))
    state.parameters.set(params.INLINING, 0)
    assert not state.may_inline(key(2))


@given(st.lists(st.integers(0, 500), max_size=300))
def test_cells_are_found_again_however_many_there_are(numbers):
    state = warm_state()
    made = {}
    for number in numbers:
        cell = state.cell_for(key(number), key(number).hash(0))
        assert made.setdefault(number, cell) is cell
    for number, cell in made.items():
        assert state.find(key(number), key(number).hash(0)) is cell
    assert state.find(key(1000), key(1000).hash(0)) is None
    assert len(state.all_cells()) == len(made) == state.cell_count


def test_cells_go_with_the_code_unless_they_say_something_else():
    state = warm_state()
    cells = [state.cell_for(key(number), key(number).hash(0)) for number in range(100)]
    token, other = LoopToken("loop", "ir", "i"), LoopToken("other", "ir", "i")
    for number in (3, 70, 71, 72):
        state.give_code(cells[number], token, False)
    cells[3].dont_inline = True
    state.give_code(cells[72], other, False)
    state.forget_code(token)
    assert cells[3].token is None and state.find(key(3), key(3).hash(0)) is cells[3]
    assert [number for number in range(100) if state.find(key(number), key(number).hash(0)) is None] == [70, 71]
    assert cells[72].token is other and state.cell_count == len(state.all_cells()) == 98
    assert token.cells == []


def test_what_was_tried_in_vain_at_ever_new_positions_is_forgotten():
    state = warm_state(loop_longevity=200)
    token = LoopToken("loop", "ir", "i")
    state.give_code(state.cell_for(key(-1), key(-1).hash(0)), token, False)
    state.never_inline(key(-2))
    for number in range(20000):
        state.cell_for(key(number), key(number).hash(0)).aborts += 1
        assert not state.may_inline(key(-2))
        assert all(state.find(key(one), key(one).hash(0)) for one in range(max(0, number - 199), number, 40))
    assert state.cell_count <= 1024
    assert state.code_at(key(-1)) is token
    assert state.find(key(5), key(5).hash(0)) is None


def test_dependencies_go_with_the_tokens():
    dependencies = Dependencies()
    points = [cast_opaque_ptr(GCREF, malloc(POINT)) for _ in range(30)]
    tokens = [LoopToken("loop" + str(number), "ir", "i") for number in range(10)]
    for number, token in enumerate(tokens):
        token.is_known = True
        for _ in range(2):
            dependencies.add(points[0], 7, token)
            dependencies.add(points[1 + number], 7, token)
            dependencies.add(points[1 + number // 5], 8, token)
    assert dependencies.count() == 11 + 2
    assert dependencies.take(points[3], 7) == [tokens[2]]
    for token in tokens[:5]:
        token.is_known = False
    dependencies.forget(tokens[:5])
    assert dependencies.count() == 6 + 1
    assert dependencies.take(points[0], 7) == tokens[5:]
    assert dependencies.take(points[1], 8) is None and dependencies.take(points[1], 7) is None
    dependencies.add(points[0], 7, tokens[9])
    for token in tokens[5:]:
        token.is_known = False
    dependencies.forget(tokens[5:])
    assert dependencies.count() == 0
