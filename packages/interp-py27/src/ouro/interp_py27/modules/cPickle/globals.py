"""Classes and functions in pickles: by the name of their module and their own."""

from ouro.interp_py27.modules.cPickle import opcodes
from ouro.interp_py27.modules.cPickle.opcodes import number_bytes, pickle_state, pickling_error
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError


def module_of(w_global, name):
    """The name of the module that a global is found in."""
    w_module = space.findattr(w_global, "__module__")
    if w_module is not None:
        return w_module
    w_modules = space.sys_get("modules")
    for w_key in w_modules.keys_list():
        w_module = w_modules.getitem(w_key)
        if w_module is None or space.is_none(w_module) or space.str_text(w_key) == "__main__":
            continue
        if space.findattr(w_module, name) is w_global:
            return w_key
    return space.newstr("__main__")


def save_global(pickler, w_global, w_name):
    """Write a reference to a global, after making sure that it leads back to the same object."""
    if w_name is None:
        w_name = space.getattr_str(w_global, "__name__")
    name = space.text_w(w_name)
    w_module_name = module_of(w_global, name)
    what = space.str_text(w_global)
    try:
        module_name = space.text_w(w_module_name)
        space.import_name(module_name, None, None, 0)
        w_module = space.finditem_str(space.sys_get("modules"), module_name)
    except OperationError as error:
        if not error.match(space.w_Exception):
            raise
        raise pickling_error("Can't pickle %s: import of module %s failed" % (what, space.str_text(w_module_name)))
    w_found = None
    if w_module is not None:
        w_found = space.findattr(w_module, name)
    if w_found is None:
        raise pickling_error("Can't pickle %s: attribute lookup %s.%s failed" % (what, module_name, name))
    if w_found is not w_global:
        raise pickling_error("Can't pickle %s: it's not the same object as %s.%s" % (what, module_name, name))
    builder = pickler.builder
    if pickler.protocol >= 2:
        code = extension_code(w_module_name, w_name, what)
        if code > 0:
            if code <= 0xFF:
                builder.append(opcodes.EXT1)
                builder.append(chr(code))
            elif code <= 0xFFFF:
                builder.append(opcodes.EXT2)
                builder.append(number_bytes(code, 2))
            else:
                builder.append(opcodes.EXT4)
                builder.append(number_bytes(code, 4))
            return
    builder.append(opcodes.GLOBAL)
    builder.append(module_name)
    builder.append("\n")
    builder.append(name)
    builder.append("\n")
    pickler.put(w_global)


def extension_code(w_module_name, w_name, what):
    """The number that ``copy_reg.add_extension`` gave the global, or 0."""
    w_code = pickle_state.w_extension_registry.getitem(space.newtuple([w_module_name, w_name]))
    if w_code is None:
        return 0
    if not space.is_int(w_code):
        raise pickling_error("Can't pickle %s: extension code %s isn't an integer" % (what, space.str_text(w_code)))
    code = space.int_w(w_code)
    if code <= 0 or code > 0x7FFFFFFF:
        raise pickling_error("Can't pickle %s: extension code %d is out of range" % (what, code))
    return code
