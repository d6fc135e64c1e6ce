"""The table of operations is consistent."""

import pytest
from ouro.jitcore import operations as table

ROWS = range(table.COUNT)


def test_every_constant_is_the_row_of_its_name():
    constants = {name: value for name, value in vars(table).items() if name.lower() in table.by_name}
    assert len(constants) == table.COUNT
    for name, opcode in constants.items():
        assert table.names[opcode] == name.lower()


def test_opcodes_fit_a_character():
    assert table.COUNT <= 256


@pytest.mark.parametrize("opcode", ROWS, ids=table.names)
def test_row_is_well_formed(opcode):
    assert set(table.operand_kinds[opcode]) <= set("irfva")
    assert table.result_kinds[opcode] in table.KINDS
    assert table.docs[opcode]
    assert table.arity(opcode) == len(table.operand_kinds[opcode])


@pytest.mark.parametrize("opcode", ROWS, ids=table.names)
def test_flags_fit_together(opcode):
    def has(flag):
        return table.has_flag(opcode, flag)

    described_as = table.descriptor_classes[opcode]
    assert has(table.GUARD) == (described_as == table.FAILURE)
    assert has(table.CALL) == (described_as in (table.CALLEE, table.LOOP))
    assert has(table.CALL) == ("call" in table.names[opcode])
    assert not (has(table.OVERFLOW) and has(table.PURE))
    if has(table.COMMUTES):
        kinds = table.operand_kinds[opcode]
        assert len(kinds) == 2 and kinds[0] == kinds[1]
    if has(table.COMPARE):
        assert table.result_kind(opcode) == "i" and has(table.PURE)
    if has(table.STORE) or has(table.EXIT):
        assert table.result_kind(opcode) == "n"
    if has(table.ALLOCATE) or has(table.LOAD):
        assert table.result_kind(opcode) != "n"


@pytest.mark.parametrize("opcode", ROWS, ids=table.names)
def test_a_name_that_ends_in_a_kind_gives_that_kind(opcode):
    name = table.names[opcode]
    if name[-2:] in ("_i", "_r", "_f", "_n"):
        assert table.result_kind(opcode) == name[-1]


def test_the_inputs_are_the_first_rows():
    assert [name for opcode, name in enumerate(table.names) if table.is_input(opcode)] == [
        "input_i", "input_r", "input_f"]
