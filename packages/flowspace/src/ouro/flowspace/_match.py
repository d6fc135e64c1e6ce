"""The `match` statement, on hosts whose syntax has it.

Patterns: values, singletons, captures, alternatives, classes, and sequences of fixed length (a star takes the
rest of a list). The pattern classes are looked up by name because `ast` of older hosts does not have them.
"""

from __future__ import annotations

import ast
from typing import Any, Callable

from ouro.flowspace._conditions import branch, branch_on
from ouro.flowspace._context import Edge, FlowContext, statement
from ouro.flowspace._expressions import get_attribute, get_item, get_slice, known_items, new_tuple
from ouro.flowspace._model import Constant, Value
from ouro.flowspace.operations import OPERATIONS


def execute_match(flow: FlowContext, node: Any) -> None:
    subject = flow.evaluate(node.subject)
    done: list[Edge] = []
    for case in node.cases:
        failed: list[Edge] = []
        match_pattern(flow, case.pattern, subject, failed)
        if flow.block is not None and case.guard is not None:
            holds, fails = branch(flow, case.guard)
            failed.extend(fails)
            flow.enter(holds)
        if flow.block is not None:
            flow.execute(case.body)
            if flow.block is not None:
                done.append(flow.leave())
        flow.enter(failed)
        if flow.block is None:
            break
    if flow.block is not None:
        done.append(flow.leave())
    flow.enter(done)


if hasattr(ast, "Match"):
    statement(ast.Match)(execute_match)


def match_pattern(flow: FlowContext, pattern: Any, subject: Value, failed: list[Edge]) -> None:
    """Test `subject` and bind names; control goes on where it fits, `failed` gathers the rest."""
    if flow.block is None:
        return
    handler = _PATTERNS.get(type(pattern).__name__)
    if handler is None:
        raise flow.error("this kind of pattern is not RPython", pattern, "test with if")
    handler(flow, pattern, subject, failed)


def _require(flow: FlowContext, condition: Value, pattern: Any, failed: list[Edge]) -> None:
    holds, fails = branch_on(flow, condition, pattern)
    failed.extend(fails)
    flow.enter(holds)


def _match_value(flow: FlowContext, pattern: Any, subject: Value, failed: list[Edge]) -> None:
    value = flow.evaluate(pattern.value)
    _require(flow, flow.op("eq", [subject, value], pattern), pattern, failed)


def _match_singleton(flow: FlowContext, pattern: Any, subject: Value, failed: list[Edge]) -> None:
    _require(flow, flow.op("is_", [subject, Constant(pattern.value)], pattern), pattern, failed)


def _match_as(flow: FlowContext, pattern: Any, subject: Value, failed: list[Edge]) -> None:
    if pattern.pattern is not None:
        match_pattern(flow, pattern.pattern, subject, failed)
    if pattern.name is not None and flow.block is not None:
        flow.assign_name(pattern.name, subject, pattern)


def _match_or(flow: FlowContext, pattern: Any, subject: Value, failed: list[Edge]) -> None:
    matched: list[Edge] = []
    for alternative in pattern.patterns:
        missed: list[Edge] = []
        match_pattern(flow, alternative, subject, missed)
        if flow.block is not None:
            matched.append(flow.leave())
        flow.enter(missed)
        if flow.block is None:
            break
    if flow.block is not None:
        failed.append(flow.leave())
    flow.enter(matched)


def _match_class(flow: FlowContext, pattern: Any, subject: Value, failed: list[Edge]) -> None:
    cls = flow.evaluate(pattern.cls)
    if type(cls) is not Constant:
        raise flow.error("the class of a pattern must be constant", pattern)
    _require(flow, flow.op("isinstance", [subject, cls], pattern), pattern, failed)
    names = list(getattr(cls.value, "__match_args__", ()))[: len(pattern.patterns)]
    if len(names) < len(pattern.patterns):
        if len(pattern.patterns) != 1 or cls.value not in (int, str, float, bool, bytes):
            raise flow.error(f"{cls.value.__name__} has too few __match_args__", pattern)
        match_pattern(flow, pattern.patterns[0], subject, failed)
        return
    pairs = [*zip(names, pattern.patterns), *zip(pattern.kwd_attrs, pattern.kwd_patterns)]
    for name, part in pairs:
        if flow.block is not None:
            match_pattern(flow, part, get_attribute(flow, subject, flow.mangle(name), pattern), failed)


def _match_sequence(flow: FlowContext, pattern: Any, subject: Value, failed: list[Edge]) -> None:
    parts = pattern.patterns
    stars = [index for index, part in enumerate(parts) if type(part).__name__ == "MatchStar"]
    least = len(parts) - len(stars)
    items = known_items(flow, subject)
    if items is not None:
        length: Value = Constant(len(items))
    else:
        length = flow.append(OPERATIONS["len"], [subject], pattern)
    comparison = "ge" if stars else "eq"
    _require(flow, flow.op(comparison, [length, Constant(least)], pattern), pattern, failed)
    before = stars[0] if stars else len(parts)
    for index, part in enumerate(parts):
        if flow.block is None:
            return
        if index < before:
            match_pattern(flow, part, get_item(flow, subject, Constant(index), pattern), failed)
        elif index > before:
            offset = Constant(len(parts) - index)
            place = flow.op("sub", [length, offset], pattern)
            match_pattern(flow, part, get_item(flow, subject, place, pattern), failed)
        elif part.name is not None:
            stop = flow.op("sub", [length, Constant(len(parts) - index - 1)], pattern)
            if items is not None:
                rest = new_tuple(flow, items[index : len(items) - (len(parts) - index - 1)], pattern)
            else:
                rest = get_slice(flow, subject, Constant(index), stop, pattern)
            flow.assign_name(part.name, rest, pattern)


_PATTERNS: dict[str, Callable[[FlowContext, Any, Value, list[Edge]], None]] = {
    "MatchValue": _match_value,
    "MatchSingleton": _match_singleton,
    "MatchAs": _match_as,
    "MatchOr": _match_or,
    "MatchClass": _match_class,
    "MatchSequence": _match_sequence,
}
