"""Calls of functions whose address is only known when the program runs: a stub for each signature.

A `CallDescriptor` of a translated program has the stub of its functions. `StubTable` (host only) makes them: the
low-level type of a function says how narrow its result is, and how single-precision numbers, which are ints to the JIT,
are passed.
"""

from ouro.lltype import (
    GCREF,
    Float,
    FuncType,
    Int8,
    Int16,
    Int32,
    Primitive,
    Ptr,
    Signed,
    SingleFloat,
    UInt8,
    UInt16,
    UInt32,
    Void,
    cast_int_to_ptr,
    resolve,
)
from ouro.rlib.rfloat import single_from_bits, single_to_bits
from ouro.rlib.source import execute_source


class CallStub:
    """Calls functions of one signature. The function of the kind of the result is there; the others are not."""

    def call_int(self, address, ints, references, floats):
        """Call the function at an address with its arguments by kind, in order."""
        raise NotImplementedError

    def call_reference(self, address, ints, references, floats):
        """As `call_int`, for a result that is a reference."""
        raise NotImplementedError

    def call_float(self, address, ints, references, floats):
        """As `call_int`, for a result that is a float."""
        raise NotImplementedError

    def call_none(self, address, ints, references, floats):
        """As `call_int`, of a function without result."""
        raise NotImplementedError


_METHODS = {"i": "call_int", "s": "call_int", "r": "call_reference", "f": "call_float", "n": "call_none"}
_LISTS = {"i": "ints", "s": "ints", "r": "references", "f": "floats"}
_TYPES = {"i": Signed, "s": SingleFloat, "r": GCREF, "f": Float, "n": Void}
_NARROW = {(8, True): Int8, (8, False): UInt8, (16, True): Int16, (16, False): UInt16,
           (32, True): Int32, (32, False): UInt32}


def _letter(TYPE):
    """The kind of a value, or `s` for a single-precision number."""
    TYPE = resolve(TYPE)
    if TYPE is SingleFloat:
        return "s"
    if TYPE is Float:
        return "f"
    if TYPE is Void:
        return "n"
    return "r" if isinstance(TYPE, Ptr) and TYPE.TO.gckind == "gc" else "i"


class StubTable:
    """The stubs of a program, one for each signature. Host only."""

    def __init__(self):
        self._stubs = {}

    def stub_for(self, FUNCTION):
        """The stub for functions of a low-level type."""
        arguments = "".join(_letter(TYPE) for TYPE in FUNCTION.ARGS if resolve(TYPE) is not Void)
        RESULT = resolve(FUNCTION.RESULT)
        result = _letter(RESULT)
        if result == "i" and isinstance(RESULT, Primitive):
            RESULT = _NARROW.get((RESULT.bits, bool(RESULT.signed)), Signed)
        else:
            RESULT = _TYPES[result]
        known = self._stubs.get((arguments, RESULT))
        if known is None:
            known = self._stubs[arguments, RESULT] = _make_stub(arguments, RESULT, result)
        return known


def _make_stub(arguments, RESULT, result):
    # Arguments go as whole words: narrow ones have been widened, and the callee looks at their low bits.
    POINTER = Ptr(FuncType([_TYPES[letter] for letter in arguments], RESULT))
    values = []
    counts = {"ints": 0, "references": 0, "floats": 0}
    for letter in arguments:
        name = _LISTS[letter]
        value = f"{name}[{counts[name]}]"
        values.append(f"single_from_bits({value})" if letter == "s" else value)
        counts[name] += 1
    call = f"cast_int_to_ptr(POINTER, address)({', '.join(values)})"
    if result == "s":
        call = f"single_to_bits({call})"
    elif result == "i" and RESULT is not Signed:
        call = f"int({call})"
    # there is no way to write calls of all arities down once that would not be a call by tuple
    namespace = execute_source(
        f"def {_METHODS[result]}(self, address, ints, references, floats):\n"
        f"    {'' if result == 'n' else 'return '}{call}\n",
        {
            "POINTER": POINTER, "cast_int_to_ptr": cast_int_to_ptr, "single_from_bits": single_from_bits,
            "single_to_bits": single_to_bits, "__name__": __name__,
        },
        f"stub_{arguments or 'n'}_{result}",
    )
    method = namespace[_METHODS[result]]
    return type(f"Stub_{arguments or 'n'}_{RESULT}", (CallStub,), {method.__name__: method})()
