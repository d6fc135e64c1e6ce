"""Numbers, strings and containers."""

import pytest
from ouro.annotator import AnnotatorError, annotate
from ouro.annotator import annotations as a
from ouro.rlib.debug import make_sure_not_resized
from ouro.rlib.rarithmetic import intmask, ovfcheck, r_longlong, r_uint


def result_of(function, *types):
    program = annotate(function, types)
    return program.entry_graph.getreturnvar().annotation


def test_arithmetic_keeps_the_sign_where_it_is_known():
    def f(x):
        if x < 0:
            return 0
        return x * 2 + 1

    assert result_of(f, int).nonneg


def test_subtraction_forgets_the_sign():
    def f(x):
        assert x >= 0
        return x - 1

    assert not result_of(f, int).nonneg


def test_true_division_gives_a_float_and_floor_division_an_int():
    def f(x):
        return x / 2, x // 2

    items = result_of(f, int).items
    assert isinstance(items[0], a.Float) and isinstance(items[1], a.Integer)


def test_unsigned_wins_over_a_non_negative_int():
    def f(x):
        return r_uint(x) + 1

    assert result_of(f, int).kind is r_uint


def test_mixing_unsigned_and_a_signed_int_is_an_error():
    def f(x):
        return r_uint(x) + x

    with pytest.raises(AnnotatorError, match="r_uint and a signed integer"):
        annotate(f, [int])


def test_wider_integers_win():
    def f(x):
        return r_longlong(x) + x

    assert result_of(f, int).kind is r_longlong


def test_intmask_makes_a_machine_word():
    def f(x):
        return intmask(r_uint(x))

    assert result_of(f, int) is a.INTEGER


def test_ovfcheck_follows_the_overflow_exit():
    def f(x):
        try:
            return ovfcheck(x + 1)
        except OverflowError:
            return -1

    graph = annotate(f, [int]).entry_graph
    assert any(link.exitcase is OverflowError for link in graph.iterlinks())


def test_items_and_constants_of_length_one_are_characters():
    def f(s):
        for c in s:
            if c == "x":
                return c
        return s[0]

    assert isinstance(result_of(f, str), a.Char)


def count_letters(s):
    n = 0
    for c in s:
        if c != "-":
            n += 1
    return n


def test_a_text_of_length_one_is_iterated_like_any_other():
    def f(n):
        return count_letters("r" if n else "w") + count_letters("a-b")

    assert isinstance(result_of(f, int), a.Integer)


def test_no_nul_survives_what_cannot_make_one():
    def f(n):
        return ("abc" + "x" * n).upper().replace("b", "c")

    assert result_of(f, int).no_nul


def test_formatting_gives_a_str():
    def f(n, s):
        return "%d %s" % (n, s) + f"{n:04d}{s}" + str(n)

    assert isinstance(result_of(f, int, str), a.String)


def test_bytes_are_not_str_and_their_items_are_ints():
    def f(s):
        b = s.encode("latin-1")
        return b[0], b[1:3], b.decode("latin-1")

    items = result_of(f, str).items
    assert [type(item) for item in items] == [a.Integer, a.Bytes, a.String]


def test_a_list_is_fixed_until_something_resizes_it():
    def fixed(n):
        items = [0] * n
        items[0] = 1
        return items

    def resized(n):
        items = [0] * n
        items.append(n)
        return items

    def sliced(n):
        items = [0] * n
        items[1:2] = [n] * n
        return items

    def declared(n):
        items = make_sure_not_resized([0] * n)
        items[0:2] = [n] * n
        return items

    for function, resizable in [(fixed, False), (resized, True), (sliced, True), (declared, False)]:
        assert result_of(function, int).definition.root().is_resizable == resizable, function.__name__


def test_the_item_of_a_list_grows_with_what_is_stored():
    def f(n):
        items = []
        if n:
            items.append(None)
        items.append("x")
        return items[0]

    assert result_of(f, int).optional


def test_reading_an_empty_list_waits_until_something_is_stored():
    def f(n):
        items = []
        i = 0
        while i < n:
            if i > 5:
                return items[0] + 1
            items.append(i)
            i += 1
        return 0

    assert isinstance(result_of(f, int), a.Integer)


def test_a_range_is_not_a_list_until_something_changes_it():
    def f(n):
        total = 0
        for i in range(n):
            total += i
        return range(n)

    assert result_of(f, int).definition.root().range_step == 1


def test_counting_up_from_zero_is_never_negative():
    def f(n):
        last = 0
        for i in range(n):
            last = i
        return last

    assert result_of(f, int).nonneg


def test_dicts_join_keys_and_values():
    def f(n):
        d = {"a": 1}
        d["b"] = n
        for key, value in d.items():
            if value > 3:
                return key, value
        return "", d.get("c", 0)

    key, value = result_of(f, int).items
    assert isinstance(key, a.String) and isinstance(value, a.Integer)


def test_get_without_a_default_gives_none_where_the_type_has_it():
    def f(key):
        return {"a": "b"}.get(key)

    assert result_of(f, str).optional


def test_key_error_exits_exist_only_where_they_are_caught():
    def f(key):
        d = {"a": 1}
        try:
            return d[key]
        except KeyError:
            return 0

    graph = annotate(f, [str]).entry_graph
    assert [link.exitcase for link in graph.iterlinks() if isinstance(link.exitcase, type)] == [KeyError]


def test_sets_have_members_of_one_type():
    def f(n):
        s = {1, 2}
        s.add(n)
        return n in s, len(s), s | {3}

    items = result_of(f, int).items
    assert isinstance(items[2], a.Set)


def test_zip_and_enumerate_give_tuples():
    def f(n):
        for i, (x, c) in enumerate(zip([n], "abc")):
            return i, x, c
        return 0, 0, " "

    assert [type(item) for item in result_of(f, int).items] == [a.Integer, a.Integer, a.Char]


def test_tuples_can_be_none():
    def f(n):
        if n:
            return (n, "x")
        return None

    assert result_of(f, int).optional


def test_branches_on_constants_are_not_followed():
    def f(n):
        debug = False
        if debug:
            return "never"
        return n

    assert isinstance(result_of(f, int), a.Integer)
