"""What the library's ``socket`` leaves to reference counts: the system's socket is closed with its last holder.

``socket.socket.close()`` and the file objects of ``makefile()`` only let go of the `_socket.socket` they share. So each
counts, in the descriptor of its slot ``_sock``, as a holder, and the socket is closed when the last one lets go of it.
"""

from ouro.interp_py27.modules._socket.socket_object import W_Socket
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError
from ouro.interp_py27.vm.typedef import define_type


class W_Holder(W_Root):
    """The slot ``_sock`` of a class of holders; `w_member` is the slot itself."""

    _attrs_ = ("w_member",)

    def __init__(self, w_member):
        self.w_member = w_member

    def descr_get(self, w_obj, w_type):
        return self.w_member.descr_get(w_obj, w_type)

    def is_data_descr(self):
        return True

    def held(self, w_obj):
        """The socket in the slot, or None."""
        try:
            w_socket = self.w_member.descr_get(w_obj, w_obj.getclass())
        except OperationError as error:
            if not error.match(space.w_AttributeError):
                raise
            return None
        return w_socket if isinstance(w_socket, W_Socket) else None


def holder_get(self, w_obj, w_type=None):
    return self.w_member.descr_get(None if space.is_none(w_obj) else w_obj, w_type)


def holder_set(self, w_obj, w_socket):
    w_old = self.held(w_obj)
    space.getattr_str(self.w_member, "__set__").call_2(w_obj, w_socket)
    if isinstance(w_socket, W_Socket):
        w_socket.holders += 1
    if w_old is not None:
        w_old.release()


def holder_delete(self, w_obj):
    w_old = self.held(w_obj)
    space.getattr_str(self.w_member, "__delete__").call_1(w_obj)
    if w_old is not None:
        w_old.release()


define_type(W_Holder, "socket_slot", {
    "__get__": holder_get,
    "__set__": holder_set,
    "__delete__": holder_delete,
}, module="_socket", acceptable_as_base=False)


def adapt_socket(w_module):
    """Called when the library's ``socket`` has been loaded."""
    for name in ["_socketobject", "_fileobject"]:
        w_class = w_module.w_dict.getitem_str(name)
        if w_class is not None:
            w_member = space.findattr(w_class, "_sock")
            if w_member is not None:
                space.setattr_str(w_class, "_sock", W_Holder(w_member))
