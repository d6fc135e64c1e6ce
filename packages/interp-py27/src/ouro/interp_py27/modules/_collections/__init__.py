"""``_collections``: ``deque`` and ``defaultdict``."""

from ouro.interp_py27.modules._collections.default_dict import W_DefaultDict
from ouro.interp_py27.modules._collections.deque import W_Deque
from ouro.interp_py27.objects.module_object import define_module

define_module("_collections", {"deque": W_Deque, "defaultdict": W_DefaultDict}, doc=(
    "High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n"
    "- defaultdict:  dict subclass with a default value factory\n"))
