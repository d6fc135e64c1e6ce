"""``_json``: the parts of the library's `json` that CPython has in C, which words some errors in its own way."""

from ouro.interp_py27.modules._json.encoding import W_Encoder, encode_basestring_ascii
from ouro.interp_py27.modules._json.scanning import W_Scanner, scanstring
from ouro.interp_py27.objects.module_object import define_module

define_module("_json", {
    "encode_basestring_ascii": encode_basestring_ascii,
    "scanstring": scanstring,
    "make_encoder": W_Encoder,
    "make_scanner": W_Scanner,
}, doc="json speedups\n")
