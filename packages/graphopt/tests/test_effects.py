"""Effects of calls over the call graph."""

from ouro.flowspace import Operation, Variable
from ouro.graphopt import analyze_effects, called_external
from ouro.rtyper import parse_program

PROGRAM = """
type %node = GcStruct node (value: Signed)
type %raw = Struct raw (value: Signed)
extern @quick: Func(Signed) -> Signed {'name': 'quick', 'external': 'quick'}

graph @allocates -> Ptr(%node) {
  block0():
    p: Ptr(%node) = malloc(type %node, void {'flavor': 'gc'})
    goto return(p)
}
graph @raw_only -> Ptr(%raw) {
  block0():
    p: Ptr(%raw) = malloc(type %raw, void {'flavor': 'raw'})
    goto return(p)
}
graph @calls_allocates -> Ptr(%node) {
  block0():
    p: Ptr(%node) = direct_call((Ptr(Func() -> Ptr(%node)) @allocates))
    goto return(p)
}
graph @arithmetic -> Signed {
  block0(x: Signed):
    y: Signed = int_add(x, 1)
    z: Signed = direct_call((Ptr(Func(Signed) -> Signed) @quick), y)
    goto return(z)
}
graph @overflow -> Signed {
  block0(x: Signed):
    y: Signed = int_add_ovf(x, 1)
    goto return(y)
}
graph @known_indirect -> Signed {
  block0(f: Ptr(Func(Signed) -> Signed), x: Signed):
    y: Signed = indirect_call(f, x, graphs(@arithmetic, @overflow))
    goto return(y)
}
graph @unknown_indirect -> Signed {
  block0(f: Ptr(Func(Signed) -> Signed), x: Signed):
    y: Signed = indirect_call(f, x, None)
    goto return(y)
}
graph @allocates_by_number -> Ptr(%node) {
  block0(type_id: Signed):
    p: Ptr(%node) = gc_allocate(type_id, 16)
    goto return(p)
}
graph @allocates_items_by_number -> Ptr(%node) {
  block0(type_id: Signed, count: Signed):
    p: Ptr(%node) = gc_allocate_varsize(type_id, count, 16, 8, 8)
    goto return(p)
}
entry @calls_allocates
"""


def names(graphs):
    return {graph.name for graph in graphs}


def test_collecting_spreads_to_callers_and_not_to_raw_allocation():
    effects = analyze_effects(parse_program(PROGRAM))
    assert names(effects.collecting) == {
        "allocates", "calls_allocates", "unknown_indirect", "allocates_by_number", "allocates_items_by_number",
    }  # fmt: skip


def test_raising_comes_from_operations_callees_and_unknown_calls():
    effects = analyze_effects(parse_program(PROGRAM))
    assert names(effects.raising) == {
        "allocates", "raw_only", "calls_allocates", "overflow", "known_indirect", "unknown_indirect",
        "allocates_by_number", "allocates_items_by_number",
    }  # fmt: skip


def test_operations_are_answered_from_the_facts_of_their_targets():
    program = parse_program(PROGRAM)
    effects = analyze_effects(program)
    graphs = {graph.name: graph for graph in program.graphs}
    call = graphs["known_indirect"].startblock.operations[0]
    assert effects.can_raise(call) and not effects.can_collect(call)
    quick = graphs["arithmetic"].startblock.operations[1]
    assert not effects.can_raise(quick) and not effects.can_collect(quick)


def test_an_operation_without_operands_calls_nothing():
    assert called_external(Operation("gc_thread_start", [], Variable("nothing"))) is None
