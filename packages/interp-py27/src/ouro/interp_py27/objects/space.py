"""The object space: every operation on application-level objects, as functions of this module.

Interpreter code says ``from ouro.interp_py27.objects import space`` and, inside functions, ``space.add(w_a, w_b)``.
That is a module and not an object because there is one: a function of a module is a constant for the translator,
calls are direct and no parameter is passed along.

Importing it imports every type in a fixed order, collects the public functions and constants of the modules in
`OPERATIONS` as attributes of this module, and then builds the application types. Type files import `space` at their
top, while it is still empty, and may use it only inside functions.
"""

import builtins
import importlib

_PACKAGE = "ouro.interp_py27."

# Loaded in this order; each describes its types.
TYPE_MODULES = [
    "vm.errors",
    "objects.root",
    "objects.buffers",
    "objects.type_object",
    "vm.argument",
    "vm.gateway",
    "vm.typedef",
    "objects.function_object",
    "objects.slot_object",
    "objects.instance_object",
    "objects.method_kinds_object",
    "objects.type_builder",
    "objects.none_object",
    "objects.int_object",
    "objects.bigint_object",
    "objects.float_object",
    "objects.slice_object",
    "objects.tuple_object",
    "objects.str_object",
    "objects.unicode_object",
    "objects.bytearray_object",
    "objects.list_strategies",
    "objects.list_object",
    "objects.dict_strategies",
    "objects.dict_object",
    "objects.set_object",
    "objects.set_methods",
    "objects.template_format",
    "objects.str_methods",
    "objects.unicode_methods",
    "objects.bytearray_methods",
    "objects.memory_view_object",
    "objects.old_buffer_object",
    "objects.exception_object",
    "objects.oldstyle_object",
    "objects.complex_object",
    "objects.type_descr",
    "objects.dict_proxy_object",
    "objects.property_object",
    "vm.code",
    "vm.frame",
    "objects.frame_object",
    "objects.generator_object",
    "objects.module_object",
    "objects.file_object",
    "objects.file_methods",
    "objects.range_object",
    "objects.ast_object",
    "vm.module_search",
]

# Their public names become attributes of this module.
OPERATIONS = [
    "objects.state",
    "objects.attributes",
    "objects.operators",
    "objects.comparison",
    "objects.iteration",
    "objects.conversions",
    "objects.classes",
    "objects.slice_object",
    "objects.type_builder",
    "objects.type_descr",
    "objects.type_object",
    "objects.int_object",
    "objects.bigint_object",
    "objects.float_object",
    "objects.str_object",
    "objects.unicode_object",
    "objects.buffers",
    "objects.bytearray_object",
    "objects.unicode_methods",
    "objects.list_object",
    "objects.dict_strategies",
    "objects.dict_object",
    "objects.set_object",
    "objects.set_methods",
    "objects.instance_object",
    "objects.oldstyle_object",
    "objects.complex_object",
    "objects.frame_object",
    "objects.generator_object",
    "objects.module_object",
    "objects.dict_proxy_object",
    "objects.file_object",
    "objects.range_object",
    "objects.ast_object",
    "objects.sorting",
    "objects.printing",
    "objects.number_text",
    "objects.percent_format",
    "objects.format_spec",
    "objects.template_format",
    "objects.text_conversions",
    "objects.unicode_case",
    "modules.codecs.registry",
    "objects.support",
    "vm.errors",
    "vm.finalizers",
    "vm.warning",
    "vm.execution",
    "vm.compiled_files",
    "vm.module_search",
    "vm.importing",
    "vm.threads",
    "vm.signals",
]


def _load(names):
    return [importlib.import_module(_PACKAGE + name) for name in names]


def _collect(modules):
    """Functions and ``w_`` constants defined in the modules.

    The first module that defines a name gives it. Some names are those of host built-ins, which this module
    therefore writes as ``builtins.X``.
    """
    namespace = globals()
    for module in modules:
        for name, value in list(vars(module).items()):
            if name.startswith("_") or name in _NOT_COLLECTED:
                continue
            own = builtins.getattr(value, "__module__", None) == module.__name__ and callable(value)
            if not (own or name.startswith("w_") or name in _CONSTANTS):
                continue
            if name.startswith(("descr_", "get_", "set_")) and name not in _COLLECTED_ACCESSORS:
                continue
            namespace.setdefault(name, value)


# Constants other than w_ objects, and functions whose names look like methods of a type.
_CONSTANTS = {"compiler_state", "state", "actionflag", "ATTRIBUTE_LIMIT", "interned", "builtin_modules", "FUTURE_FLAGS"}
_COLLECTED_ACCESSORS = {"get_context", "set_add"}
_NOT_COLLECTED = {"type_new", "class_new"}


def _bootstrap():
    types = _load(TYPE_MODULES)
    operations = _load(OPERATIONS)
    _collect(operations)
    _collect(types)
    namespace = globals()
    none_object = importlib.import_module(_PACKAGE + "objects.none_object")
    namespace["w_None"] = none_object.W_None()
    namespace["w_NotImplemented"] = none_object.W_NotImplemented()
    namespace["w_Ellipsis"] = none_object.W_Ellipsis()
    typedef = importlib.import_module(_PACKAGE + "vm.typedef")
    typedef.build_types()
    _name_types(namespace)


def _name_types(namespace):
    """`w_int`, `w_TypeError`, ...: the types by name; and the methods that fast paths compare with."""
    exceptions = importlib.import_module(_PACKAGE + "objects.exception_object")
    for name, cls in exceptions.exception_types.items():
        namespace["w_" + name] = cls.typedef.w_type
    object_type = importlib.import_module(_PACKAGE + "objects.type_descr").W_Object.typedef.w_type
    namespace["w_object"] = object_type
    for name in ["getattribute", "setattr", "delattr", "new", "init"]:
        namespace["w_object_" + name] = object_type.lookup("__%s__" % name)
    for module, cls, name in [
        ("type_object", "W_Type", "type"), ("int_object", "W_Int", "int"), ("int_object", "W_Bool", "bool"),
        ("float_object", "W_Float", "float"), ("bigint_object", "W_Long", "long"), ("str_object", "W_Str", "str"),
        ("unicode_object", "W_Unicode", "unicode"), ("tuple_object", "W_Tuple", "tuple"),
        ("list_object", "W_List", "list"), ("dict_object", "W_Dict", "dict"), ("slice_object", "W_Slice", "slice"),
        ("oldstyle_object", "W_OldClass", "classobj"), ("oldstyle_object", "W_OldInstance", "instance"),
        ("function_object", "W_Function", "function"), ("module_object", "W_Module", "module"),
        ("complex_object", "W_Complex", "complex"),
        ("set_object", "W_Set", "set"), ("set_object", "W_FrozenSet", "frozenset"),
        ("file_object", "W_File", "file"), ("bytearray_object", "W_ByteArray", "bytearray"),
    ]:
        value = builtins.getattr(importlib.import_module(_PACKAGE + "objects." + module), cls)
        namespace["w_" + name] = value.w_builtin_type
    namespace["w_tuple_iter"] = namespace["w_tuple"].lookup("__iter__")
    namespace["w_dict_keys"] = namespace["w_dict"].lookup("keys")
    namespace["w_type_instancecheck"] = namespace["w_type"].lookup("__instancecheck__")
    namespace["w_type_subclasscheck"] = namespace["w_type"].lookup("__subclasscheck__")


_bootstrap()
