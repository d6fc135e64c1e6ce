"""Where pointers are saved on the shadow stack: off the paths that loops repeat."""

from ouro.gc._transform._roots import insert_roots
from ouro.rtyper import parse_program

HEAD = """type %node = GcStruct node (next: Ptr(%node))
"""

COLLECTS = """graph @collects -> Void {
  block0():
    goto return(void None)
}
"""


def rewritten(text):
    """The graph after `insert_roots`, where calls may collect, and the size of its frame."""
    program = parse_program(HEAD + text + COLLECTS + "entry @graph\n")
    graph = program.entry_graph
    size = insert_roots(graph, lambda operation: operation.opname == "direct_call")
    return graph, size


def saves(block):
    """For each save in the block: its slot, and whether it clears it."""
    return [
        (operation.args[0].value, not hasattr(operation.args[1], "name") and not operation.args[1].value)
        for operation in block.operations
        if operation.opname == "gc_save_root"
    ]


def test_what_a_loop_carries_along_is_saved_where_the_loop_is_entered():
    graph, size = rewritten("""graph @graph -> Ptr(%node) {
  block0(p: Ptr(%node), n: Signed):
    goto block1(p, n)
  block1(q: Ptr(%node), i: Signed):
    more: Bool = int_gt(i, 0)
    switch more
    case False -> return(q)
    case True -> block2(q, i)
  block2(r: Ptr(%node), j: Signed):
    nothing: Void = direct_call((Ptr(Func() -> Void) @collects))
    k: Signed = int_sub(j, 1)
    goto block1(r, k)
}
""")
    assert size == 1
    calling = [
        block
        for block in graph.iterblocks()
        if any(operation.opname == "direct_call" for operation in block.operations)
    ]
    assert saves(graph.startblock) == [(0, False)]
    assert [saves(block) for block in calling] == [[]]
    assert [operation.opname for operation in calling[0].operations].count("gc_restore_root") == 1


def test_a_pointer_that_changes_in_the_loop_is_saved_in_front_of_the_call():
    graph, size = rewritten("""graph @graph -> Ptr(%node) {
  block0(p: Ptr(%node)):
    goto block1(p)
  block1(q: Ptr(%node)):
    more: Bool = ptr_nonzero(q)
    switch more
    case False -> return(q)
    case True -> block2(q)
  block2(r: Ptr(%node)):
    nothing: Void = direct_call((Ptr(Func() -> Void) @collects))
    s: Ptr(%node) = getfield(r, void 'next')
    goto block1(s)
}
""")
    assert size == 1
    found = [saves(block) for block in graph.iterblocks() if saves(block)]
    assert found == [[(0, False)]] and not saves(graph.startblock)


def test_a_path_that_leaves_a_dead_pointer_behind_clears_its_slot_itself():
    graph, size = rewritten("""graph @graph -> Ptr(%node) {
  block0(p: Ptr(%node), d: Ptr(%node), n: Signed):
    goto block1(p, d, n)
  block1(q: Ptr(%node), e: Ptr(%node), i: Signed):
    rare: Bool = int_gt(i, 100)
    switch rare
    case False -> block2(q, e, i)
    case True -> block3(q, e, i)
  block3(r: Ptr(%node), f: Ptr(%node), j: Signed):
    nothing: Void = direct_call((Ptr(Func() -> Void) @collects))
    g: Ptr(%node) = getfield(f, void 'next')
    k: Signed = int_sub(j, 1)
    goto block4(r, g, k)
  block4(r4: Ptr(%node), g4: Ptr(%node), k4: Signed):
    null: Bool = ptr_iszero(g4)
    switch null
    case False -> block5(r4, k4)
    case True -> return(r4)
  block5(r5: Ptr(%node), k5: Signed):
    goto block6(r5, k5)
  block2(s: Ptr(%node), h: Ptr(%node), m: Signed):
    goto block6(s, m)
  block6(t: Ptr(%node), o: Signed):
    nothing2: Void = direct_call((Ptr(Func() -> Void) @collects))
    more: Bool = int_gt(o, 0)
    switch more
    case False -> return(t)
    case True -> block6(t, o)
}
""")
    assert size == 2
    last = [
        block
        for block in graph.iterblocks()
        if any(operation.opname == "int_gt" and operation.args[1].value == 0 for operation in block.operations)
    ]
    assert [saves(block) for block in last] == [[]]
    clears = [save for block in graph.iterblocks() for save in saves(block) if save[1]]
    assert clears and {slot for slot, _ in clears} == {1}
