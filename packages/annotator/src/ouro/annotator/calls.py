"""How the arguments of a call reach the parameters of a function."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from ouro.flowspace import CallShape, Signature


class ArgumentError(Exception):
    """The call does not fit the signature; the text says why, in Python's words, `suggestion` what to do."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion


_MISSING = "pass it, or give the parameter a default"


@frozen
class ArgumentSource:
    """Where the value of one parameter comes from.

    `kind`: `"receiver"` (the bound `self`), `"argument"` (the `index`-th value of the call: positional ones,
    then
    those of the shape's keywords in order), `"star"` (the `index`-th item of the `*args` tuple), `"default"`
    (the
    constant `value`) or `"tuple"` (a new tuple of `parts`: the function's own `*args`).
    """

    kind: str
    index: int = 0
    value: Any = None
    parts: tuple[Any, ...] = ()


def plan_arguments(
    name: str, signature: Signature, shape: CallShape, star_length: int = 0, receiver: bool = False
) -> list[ArgumentSource]:
    """One source for each name of `signature.all_names`. `name` is for messages. Raises ArgumentError."""
    given = [ArgumentSource("receiver")] if receiver else []
    given += [ArgumentSource("argument", index) for index in range(shape.positional)]
    given += [ArgumentSource("star", index) for index in range(star_length)]
    keywords = {
        keyword: ArgumentSource("argument", shape.positional + index) for index, keyword in
        enumerate(shape.keywords)
    }
    parameters = signature.arguments
    plan = given[: len(parameters)]
    rest = given[len(parameters) :]
    if rest and signature.vararg is None:
        expected = len(parameters) - receiver
        raise ArgumentError(
            f"{name}() takes {expected} argument{'s' * (expected != 1)}, but {len(given) - receiver} are given"
        )
    for index, parameter in enumerate(parameters):
        by_keyword = index >= signature.positional_only and parameter in keywords
        if index < len(plan):
            if by_keyword:
                raise ArgumentError(f"{name}() gets two values for `{parameter}`")
        elif by_keyword:
            plan.append(keywords.pop(parameter))
        elif parameter in signature.defaults:
            plan.append(ArgumentSource("default", value=signature.defaults[parameter]))
        else:
            raise ArgumentError(f"{name}() is called without its argument `{parameter}`", _MISSING)
    for parameter in signature.keyword_only:
        if parameter in keywords:
            plan.append(keywords.pop(parameter))
        elif parameter in signature.defaults:
            plan.append(ArgumentSource("default", value=signature.defaults[parameter]))
        else:
            raise ArgumentError(f"{name}() is called without its keyword argument `{parameter}`", _MISSING)
    if keywords:
        raise ArgumentError(f"{name}() has no argument `{next(iter(keywords))}`")
    if signature.vararg is not None:
        plan.append(ArgumentSource("tuple", parts=tuple(rest)))
    return plan
