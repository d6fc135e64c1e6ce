"""Pattern code of CPython 2.7 from the host's regular expression parser, for tests.

A plain compiler without the optimisations of ``sre_compile``: no INFO block, sets as rows of ranges.
"""

import warnings

from ouro.rlib.rsre import _opcodes as op

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_constants as host
    import sre_parse

CATEGORIES = {
    "CATEGORY_DIGIT": op.CATEGORY_DIGIT,
    "CATEGORY_NOT_DIGIT": op.CATEGORY_NOT_DIGIT,
    "CATEGORY_SPACE": op.CATEGORY_SPACE,
    "CATEGORY_NOT_SPACE": op.CATEGORY_NOT_SPACE,
    "CATEGORY_WORD": op.CATEGORY_WORD,
    "CATEGORY_NOT_WORD": op.CATEGORY_NOT_WORD,
}
PLACES = {
    "AT_BEGINNING": op.AT_BEGINNING,
    "AT_BEGINNING_STRING": op.AT_BEGINNING_STRING,
    "AT_BOUNDARY": op.AT_BOUNDARY,
    "AT_NON_BOUNDARY": op.AT_NON_BOUNDARY,
    "AT_END": op.AT_END,
    "AT_END_STRING": op.AT_END_STRING,
}
BY_LINE = {op.AT_BEGINNING: op.AT_BEGINNING_LINE, op.AT_END: op.AT_END_LINE}


def compile27(source):
    """The units, the flags (IGNORECASE alone matters) and the number of groups of *source*."""
    tree = sre_parse.parse(source)
    flags = tree.state.flags
    code = _sequence(tree, flags)
    return [*code, op.SUCCESS], flags & op.FLAG_IGNORECASE, tree.state.groups - 1


def _sequence(items, flags):
    code = []
    for kind, argument in items:
        code += _item(kind, argument, flags)
    return code


def _skipping(kind, rest, body):
    """An operation with the distance over its body: ``kind distance rest... body...``."""
    return [kind, 1 + len(rest) + len(body), *rest, *body]


def _item(kind, argument, flags):
    ignore = flags & op.FLAG_IGNORECASE
    if kind is host.LITERAL:
        return [op.LITERAL_IGNORE, ord(chr(argument).lower())] if ignore else [op.LITERAL, argument]
    if kind is host.NOT_LITERAL:
        return [op.NOT_LITERAL_IGNORE, ord(chr(argument).lower())] if ignore else [op.NOT_LITERAL, argument]
    if kind is host.ANY:
        return [op.ANY_ALL if flags & 16 else op.ANY]
    if kind is host.IN:
        return _skipping(op.IN_IGNORE if ignore else op.IN, [], _set(argument, ignore))
    if kind is host.BRANCH:
        return _branch(argument[1], flags)
    if kind is host.SUBPATTERN:
        group, _, _, body = argument
        code = _sequence(body, flags)
        if group is None:
            return code
        return [op.MARK, 2 * (group - 1), *code, op.MARK, 2 * (group - 1) + 1]
    if kind is host.MAX_REPEAT or kind is host.MIN_REPEAT:
        return _repeat(kind is host.MAX_REPEAT, argument, flags)
    if kind is host.AT:
        place = PLACES[str(argument)]
        return [op.AT, BY_LINE.get(place, place) if flags & 8 else place]
    if kind is host.ASSERT or kind is host.ASSERT_NOT:
        direction, body = argument
        back = 0 if direction > 0 else body.getwidth()[0]
        mine = op.ASSERT if kind is host.ASSERT else op.ASSERT_NOT
        return _skipping(mine, [back], [*_sequence(body, flags), op.SUCCESS])
    if kind is host.GROUPREF:
        return [op.GROUPREF_IGNORE if ignore else op.GROUPREF, argument - 1]
    if kind is host.GROUPREF_EXISTS:
        return _conditional(argument, flags)
    raise AssertionError(kind)


def _set(items, ignore):
    code = []
    for kind, argument in items:
        if kind is host.NEGATE:
            code.append(op.NEGATE)
        elif kind is host.LITERAL:
            code += [op.LITERAL, ord(chr(argument).lower()) if ignore else argument]
        elif kind is host.RANGE:
            code += [op.RANGE, *argument]
        else:
            code += [op.CATEGORY, CATEGORIES[str(argument)]]
    return [*code, op.FAILURE]


def _branch(alternatives, flags):
    bodies = [_sequence(alternative, flags) for alternative in alternatives]
    code = [op.BRANCH]
    lengths = [len(body) + 3 for body in bodies]
    for index, body in enumerate(bodies):
        after = sum(lengths[index + 1 :]) + 1
        code += [lengths[index], *body, op.JUMP, after + 1]
    return [*code, 0]


def _repeat(is_greedy, argument, flags):
    minimum, maximum, body = argument
    if maximum == host.MAXREPEAT:
        maximum = op.MAXIMUM_REPEAT
    code = _sequence(body, flags)
    width = body.getwidth()
    has_groups = any(unit == op.MARK for unit in code)
    if tuple(width) == (1, 1) and not has_groups:
        kind = op.REPEAT_ONE if is_greedy else op.MIN_REPEAT_ONE
        return _skipping(kind, [minimum, maximum], [*code, op.SUCCESS])
    until = op.MAX_UNTIL if is_greedy else op.MIN_UNTIL
    return [*_skipping(op.REPEAT, [minimum, maximum], code), until]


def _conditional(argument, flags):
    group, yes, no = argument
    code = _sequence(yes, flags)
    other = _sequence(no, flags) if no else []
    if other:
        code = [*code, op.JUMP, len(other) + 1]
    return [op.GROUPREF_EXISTS, group - 1, len(code) + 2, *code, *other]
