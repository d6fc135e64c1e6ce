"""``_ast``: the types of syntax trees."""

from ouro.interp_py27.objects.ast_object import ONLY_AST, make_types
from ouro.interp_py27.objects.module_object import define_module

define_module("_ast", dict(make_types(), PyCF_ONLY_AST=ONLY_AST, __version__="82160"))
