"""``_warnings``: what ``warnings`` needs before it can import anything else."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.warning import prepare_warnings, warn_at, warn_object, warning_state


@unwrap_spec(stacklevel=int)
def warn(w_message, w_category=None, stacklevel=1):
    """Issue a warning, or maybe ignore it or raise an exception."""
    if space.isinstance_allow_override(w_message, space.w_Warning):
        w_category = space.getattr_str(w_message, "__class__")
    elif w_category is None or space.is_none(w_category):
        w_category = space.w_UserWarning
    if not space.issubtype_allow_override(w_category, space.w_Warning):
        raise value_error("category is not a subclass of Warning")
    warn_object(w_message, w_category, stacklevel)


@unwrap_spec(lineno=int)
def warn_explicit(w_message, w_category, w_filename, lineno, w_module=None, w_registry=None, w_module_globals=None):
    """Low-level inferface to warnings functionality."""
    if not space.is_text(w_filename):
        raise type_error("expected string or Unicode object, %s found" % space.type_name(w_filename))
    if w_module is not None and space.is_none(w_module):
        w_module = None
    if w_registry is not None and space.is_none(w_registry):
        w_registry = None
    w_line = None
    if w_module_globals is not None and space.is_true(w_module_globals):
        w_line = line_from_loader(w_module_globals, lineno)
    warn_at(w_category, w_message, w_filename, lineno, w_module, w_registry, w_line)


def line_from_loader(w_globals, lineno):
    """The source line of a module that its loader knows, or None."""
    if not space.is_dict(w_globals):
        return None
    w_loader = w_globals.getitem_str("__loader__")
    w_name = w_globals.getitem_str("__name__")
    if w_loader is None or w_name is None:
        return None
    w_get_source = space.findattr(w_loader, "get_source")
    if w_get_source is None:
        return None
    w_source = w_get_source.call_1(w_name)
    if space.is_none(w_source):
        return None
    w_lines = space.getattr_str(space.w_str, "splitlines").call_1(w_source)
    return space.getitem(w_lines, space.newint(lineno - 1))


def start_warnings(w_module):
    prepare_warnings()
    w_dict = w_module.w_dict
    w_dict.setitem_str("filters", warning_state.w_filters)
    w_dict.setitem_str("once_registry", warning_state.w_once_registry)
    w_dict.setitem_str("default_action", warning_state.w_default_action)


define_module("_warnings", {"warn": warn, "warn_explicit": warn_explicit}, startup=start_warnings,
              doc="_warnings provides basic warning filtering support.\n"
              "It is a helper module to speed up interpreter start-up.")
