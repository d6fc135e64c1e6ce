"""The conformance suite on the model: what it expects, what it covers, and that it sees wrong results."""

import shutil

import pytest
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.conformance import CLASS_RANGES, Mismatch, ModelHost, Runner, all_cases, read_cases
from ouro.jitcore.backend.conformance.cases import FOLDER, bless
from ouro.jitcore.backend.conformance.runner import split_values
from ouro.jitcore.model import execution

CASES = all_cases()


def run(case, check=True):
    runner = Runner(ModelHost(CLASS_RANGES))
    runner.run(case, check)
    return runner.results


@pytest.mark.parametrize("name", sorted({case.file.stem for case in CASES}))
def test_the_model_gives_what_the_suite_expects(name):
    for case in CASES:
        if case.file.stem == name:
            run(case)


def test_every_operation_is_in_the_suite():
    text = "".join(file.read_text() for file in FOLDER.glob("*.trace"))
    words = set(text.replace("(", " ").split())
    missing = {
        name for opcode, name in enumerate(ops.names)
        if not ops.is_input(opcode) and not ops.has_flag(opcode, ops.LOWERED) and name not in words
    }
    assert missing == set()


def test_tests_have_different_names_and_expect_something():
    names = [repr(case) for case in CASES]
    assert len(set(names)) == len(names)
    for case in CASES:
        assert any(command.expected for command in case.commands), case


def test_a_wrong_result_is_seen_in_every_form(monkeypatch):
    wrong = dict(execution.STEPS)
    monkeypatch.setattr(execution, "STEPS", wrong)
    for name in ("int_lt", "int_add_ovf", "float_mul", "uint_rshift", "ptr_eq"):
        opcode = ops.by_name[name]
        right = execution.STEPS[opcode]

        def step(frame, number, right=right):
            result = right(frame, number)
            return 1 - result if result in (0, 1) and not isinstance(result, float) else result + 1

        wrong[opcode] = step
        with pytest.raises(Mismatch):
            run(next(case for case in CASES if case.name == name))
        wrong[opcode] = right


def test_forms_that_disagree_are_told_apart(monkeypatch):
    opcode = ops.INT_SUB
    right = execution.STEPS[opcode]

    def wrong_with_constants(frame, number):
        return right(frame, number) + (frame.trace.second[number] < 0)

    monkeypatch.setitem(execution.STEPS, opcode, wrong_with_constants)
    with pytest.raises(Mismatch, match=r"value \(False, True\): -?\d"):
        run(next(case for case in CASES if case.name == "int_sub"))


def test_blessing_writes_what_came_out(tmp_path):
    file = tmp_path / "some.trace"
    file.write_text("operation int_add\n1 2 =>\n3 4 => 5\n\ntest x\nloop a\n[i0]\nfinish(i0, done_i)\nrun a 5 => no\n")
    cases = read_cases(file)
    with pytest.raises(Mismatch, match="some.trace:2"):
        run(cases[0])
    bless(cases, {line: result for case in cases for line, result in run(case, check=False).items()})
    assert [line for line in file.read_text().split("\n") if "=>" in line] == [
        "1 2 => 3", "3 4 => 7", "run a 5 => done 5"]
    for case in read_cases(file):
        run(case)


def test_the_files_are_as_blessed(tmp_path):
    """Nothing in them is out of date, and blessing changes nothing."""
    copy = tmp_path / "guards.trace"
    shutil.copy(FOLDER / "guards.trace", copy)
    cases = read_cases(copy)
    bless(cases, {line: result for case in cases for line, result in run(case, check=False).items()})
    assert copy.read_text() == (FOLDER / "guards.trace").read_text()


@pytest.mark.parametrize("text, message", [
    ("run a 5 => 7\n", "nothing has begun"),
    ("test a\nint_add 5 6\n", "there is no command 'int_add'"),
])
def test_text_that_makes_no_sense_is_an_error(tmp_path, text, message):
    file = tmp_path / "bad.trace"
    file.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_cases(file)


def test_values_are_split_at_spaces_outside_of_brackets():
    assert split_values('node(3, next=node(4))  5 string("a b") -0.5') == [
        "node(3, next=node(4))", "5", 'string("a b")', "-0.5"]
