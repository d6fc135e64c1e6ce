"""Names that a program makes up are forgotten with the last that has them."""

import gc

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.conversions import interned
from ouro.interp_py27.objects.dict_strategies import CELLS
from ouro.interp_py27.objects.instance_object import KEPT_TRANSITIONS, W_Instance
from ouro.interp_py27.objects.type_object import CACHE_LIMIT


def new_type(name):
    bases_w = space.newtuple([space.w_object])
    return space.call_type_list(space.w_type, [space.newstr(name), bases_w, space.newdict()])


def test_an_interned_string_lives_as_long_as_somebody_has_it():
    kept_w = space.newstr_interned("a name that is kept")
    gc.collect()
    before = interned.table.length()
    for number in range(300):
        assert space.is_interned(space.newstr_interned("name %d" % number))
    gc.collect()
    assert interned.table.length() <= before + 1
    assert space.newstr_interned("a name that is kept") is kept_w
    assert not space.is_interned(space.newstr("a name that is kept"))


def test_layouts_of_dropped_instances_are_forgotten_and_those_in_use_are_shared():
    w_type = new_type("Point")
    kept = W_Instance(w_type.terminator)
    for number in range(300):
        W_Instance(w_type.terminator).setdictvalue("name %d" % number, space.w_None)
        if number == 200:
            kept.setdictvalue("kept", space.w_None)
    gc.collect()
    assert len(w_type.terminator.transitions) == KEPT_TRANSITIONS
    assert w_type.terminator.more_transitions.length() <= 2
    other = W_Instance(w_type.terminator)
    other.setdictvalue("kept", space.w_True)
    assert other.map is kept.map and other.getdictvalue("kept") is space.w_True
    assert kept.getdictvalue("kept") is space.w_None


def test_a_type_remembers_a_limited_number_of_names():
    w_type = new_type("Asked")
    for number in range(3 * CACHE_LIMIT):
        assert w_type.lookup("name %d" % number) is None
    assert len(w_type.cache) <= CACHE_LIMIT
    assert w_type.lookup("__repr__") is not None


def test_a_module_forgets_names_that_are_unbound_unless_code_has_their_cells():
    w_dict = space.new_module_dict()
    space.setitem(w_dict, space.newstr("bound"), space.w_True)
    had = CELLS.cell(w_dict, "had")
    for number in range(2000):
        w_name = space.newstr("name %d" % number)
        space.setitem(w_dict, w_name, space.w_None)
        space.delitem(w_dict, w_name)
    namespace = CELLS.unerase(w_dict.storage)
    gc.collect()
    assert len(namespace.cells) < 100
    assert CELLS.length(w_dict) == 1 and w_dict.getitem_str("bound") is space.w_True
    w_dict.setitem_str("had", space.w_False)
    assert had.w_value is space.w_False
    space.delitem(w_dict, space.newstr("had"))
    namespace.sort()
    space.setitem(w_dict, space.newint(1), space.w_None)  # an ordinary dictionary from now on
    assert had.w_value is None and had.w_constant is not None
    assert w_dict.getitem_str("bound") is space.w_True
