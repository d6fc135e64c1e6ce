"""``binascii``: text codings of binary data."""

from ouro.interp_py27.modules.binascii import _codings as codings
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.errors import operror, type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib.rarithmetic import LONG_BIT, intmask, r_uint

w_Error = new_exception_class("binascii.Error", space.w_Exception)
w_Incomplete = new_exception_class("binascii.Incomplete", space.w_Exception)


def _application_error(problem):
    if problem.kind == "TypeError":
        return type_error(problem.message)
    if problem.kind == "Incomplete":
        return operror(w_Incomplete, problem.message)
    return operror(w_Error, problem.message)


def _function(name, doc, convert):
    """An application function of one string; `convert` works on interpreter strings."""

    @unwrap_spec(data="buffer")
    def function(data):
        try:
            return space.newstr(convert(data))
        except codings.CodingError as problem:
            raise _application_error(problem) from None

    function.__name__ = name
    function.__doc__ = doc
    return function


_FUNCTIONS = (
    ("hexlify", "b2a_hex(data) -> s; Hexadecimal representation of binary data.\n\n"
     "This function is also available as \"hexlify()\".", codings.encode_hexadecimal),
    ("unhexlify", "a2b_hex(hexstr) -> s; Binary data of hexadecimal representation.\n\n"
     "hexstr must contain an even number of hex digits (upper or lower case).\n"
     "This function is also available as \"unhexlify()\"", codings.decode_hexadecimal),
    ("b2a_base64", "(bin) -> ascii. Base64-code line of data", codings.encode_base64),
    ("a2b_base64", "(ascii) -> bin. Decode a line of base64 data", codings.decode_base64),
    ("b2a_uu", "(bin) -> ascii. Uuencode line of data", codings.encode_uu),
    ("a2b_uu", "(ascii) -> bin. Decode a line of uuencoded data", codings.decode_uu),
    ("b2a_hqx", "Encode .hqx data", codings.encode_binhex),
    ("rlecode_hqx", "Binhex RLE-code binary data", codings.encode_runs),
    ("rledecode_hqx", "Decode hexbin RLE-coded string", codings.decode_runs),
)


@unwrap_spec(data="buffer")
def a2b_hqx(data):
    """ascii -> bin, done. Decode .hqx coding"""
    try:
        result, done = codings.decode_binhex(data)
    except codings.CodingError as problem:
        raise _application_error(problem) from None
    return space.newtuple([space.newstr(result), space.newint(1 if done else 0)])


@unwrap_spec(data="buffer", header=bool)
def a2b_qp(data, header=False):
    """Decode a string of qp-encoded data"""
    return space.newstr(codings.decode_quoted_printable(data, header))


@unwrap_spec(data="buffer", quotetabs=bool, istext=bool, header=bool)
def b2a_qp(data, quotetabs=False, istext=True, header=False):
    """b2a_qp(data, quotetabs=0, istext=1, header=0) -> s;\n Encode a string using quoted-printable encoding.

On encoding, when istext is set, newlines are not encoded, and white
space at end of lines is.  When istext is not set, \\r and \\n
(CR/LF) are\nboth encoded.  When quotetabs is set, space and tabs are encoded."""
    return space.newstr(codings.QuotedPrintableEncoder(data, quotetabs, istext, header).encode())


@unwrap_spec(data="buffer")
def crc32(data, w_start=None):
    """(data, oldcrc = 0) -> newcrc. Compute CRC-32 incrementally"""
    start = r_uint(0)
    if w_start is not None:
        start = space.uint_mask_w(w_start)
    result = intmask(codings.crc32(data, start))
    if LONG_BIT > 32 and result >= 1 << 31:
        result -= 1 << 32
    return space.newint(result)


@unwrap_spec(data="buffer", crc=int)
def crc_hqx(data, crc):
    """(data, oldcrc) -> newcrc. Compute hqx CRC incrementally"""
    return space.newint(codings.crc_ccitt(data, crc))


_functions = {name: _function(name, doc, convert) for name, doc, convert in _FUNCTIONS}

define_module("binascii", dict(
    _functions, b2a_hex=_functions["hexlify"], a2b_hex=_functions["unhexlify"], a2b_hqx=a2b_hqx, a2b_qp=a2b_qp,
    b2a_qp=b2a_qp, crc32=crc32, crc_hqx=crc_hqx, Error=w_Error, Incomplete=w_Incomplete,
), doc="Conversion between binary data and ASCII")
