"""Are the greens of a driver what greens must be: the same at one position of the interpreted program?

A trace is for one value of each green, and every other value needs code of its own. A green that is computed from reds
has ever new values: the JIT would compile and compile. Statically only the plain case is seen: arithmetic in the portal
itself on a red that nobody promoted. What calls and loads give is left to the author.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Block, FunctionGraph, Variable

#: Operations that only pass a value on.
_COPIES = frozenset(["same_as", "cast_primitive", "cast_bool_to_int", "cast_char_to_int", "cast_int_to_char"])
_ARITHMETIC = (
    "int_add", "int_sub", "int_mul", "int_neg", "int_and", "int_or", "int_xor", "int_lshift", "int_rshift",
    "int_floordiv", "int_mod", "float_add", "float_sub", "float_mul", "float_truediv",
)  # fmt: skip


class ChangingGreen(Exception):
    """A green is computed from a red: `green` and `red` are positions among the arguments of the merge point,
    `operation` is where.
    """

    def __init__(self, green: int, red: int, operation: Any) -> None:
        self.green = green
        self.red = red
        self.operation = operation
        super().__init__(green)


def check_greens(graph: FunctionGraph, merge_block: Block, green_count: int) -> None:
    """Follow the values that come back to the merge point as greens.

    Args:
        graph: of the portal.
        merge_block: its arguments are the greens, then the reds.
        green_count: how many are green.

    Raises:
        ChangingGreen: one of them is computed from a red.
    """
    makers = {operation.result: operation for _, operation in graph.iterblockops()}
    sources: dict[Any, list[Any]] = {}
    for block in graph.iterblocks():
        for link in block.exits:
            for value, argument in zip(link.args, link.target.inputargs):
                sources.setdefault(argument, []).append(value)
    reds = {argument: number for number, argument in enumerate(merge_block.inputargs) if number >= green_count}
    for number, green in enumerate(merge_block.inputargs[:green_count]):
        waiting = [(value, None) for value in sources.get(green, [])]
        seen = set()
        while waiting:
            value, computed = waiting.pop()
            if not isinstance(value, Variable) or (value, computed) in seen:
                continue
            seen.add((value, computed))
            if value in reds:
                if computed is not None:
                    raise ChangingGreen(number, reds[value], computed)
                continue
            maker = makers.get(value)
            if maker is None:
                if value not in merge_block.inputargs:
                    waiting += [(source, computed) for source in sources.get(value, [])]
            elif maker.opname in _COPIES:
                waiting.append((maker.args[0], computed))
            elif maker.opname.startswith(_ARITHMETIC):
                waiting += [(argument, computed or maker) for argument in maker.args]
