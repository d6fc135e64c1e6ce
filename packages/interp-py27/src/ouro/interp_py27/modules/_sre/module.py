"""The table of ``_sre``."""

from ouro.interp_py27.modules._sre.characters import CHARACTERS, lower
from ouro.interp_py27.modules._sre.pattern import W_Pattern
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import OperationError, overflow_error, runtime_error, type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib.rsre import CODE_SIZE, MAGIC, MAXIMUM_REPEAT, BadPatternCode, Pattern, check_code

COPYRIGHT = " SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB "
LARGEST_UNIT = 2**32 - 1


@unwrap_spec(flags=int, groups=int)
def compile(w_pattern, flags, w_code, groups=0, w_groupindex=None, w_indexgroup=None):
    if not space.is_list(w_code):
        raise type_error("argument 3 must be list, not %s" % space.type_name(w_code))
    code = [_code_unit(w_unit) for w_unit in space.unpack_list(w_code)]
    try:
        check_code(code, groups)
    except BadPatternCode:
        raise runtime_error("invalid SRE code")
    pattern = Pattern(code, flags, groups, CHARACTERS)
    return W_Pattern(w_pattern, pattern, space.wrap_none(w_groupindex), space.wrap_none(w_indexgroup))


def _code_unit(w_unit):
    try:
        unit = space.int_w(w_unit)
    except OperationError as error:
        if not error.match(space.w_OverflowError):
            raise
        unit = -1
    if unit < 0 or unit > LARGEST_UNIT:
        raise overflow_error("regular expression code size limit exceeded")
    return unit


@unwrap_spec(character=int, flags=int)
def getlower(character, flags):
    return space.newint(lower(character, flags))


def getcodesize():
    return space.newint(CODE_SIZE)


define_module("_sre", {
    "compile": compile,
    "getlower": getlower,
    "getcodesize": getcodesize,
    "MAGIC": MAGIC,
    "CODESIZE": CODE_SIZE,
    "MAXREPEAT": space.newlong_from_int(MAXIMUM_REPEAT),
    "copyright": COPYRIGHT,
})
