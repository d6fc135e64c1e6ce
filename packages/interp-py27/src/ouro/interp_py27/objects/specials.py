"""The special methods that types cache in an array of their own.

Each name has a small number; `W_Type.lookup_special(number)` is one array load when the cache is warm.
"""

NAMES = """
__abs__ __add__ __and__ __call__ __cmp__ __coerce__ __complex__ __contains__ __del__ __delattr__ __delete__
__delitem__ __delslice__ __div__ __divmod__ __enter__ __eq__ __exit__ __float__ __floordiv__ __format__ __ge__
__get__ __getattr__ __getattribute__ __getitem__ __getslice__ __gt__ __hash__ __hex__ __iadd__ __iand__ __idiv__
__ifloordiv__ __ilshift__ __imod__ __imul__ __index__ __init__ __instancecheck__ __int__ __invert__ __ior__ __ipow__
__irshift__ __isub__ __iter__ __itruediv__ __ixor__ __le__ __len__ __length_hint__ __long__ __lshift__ __lt__
__missing__ __mod__ __mul__ __ne__ __neg__ __new__ __nonzero__ __oct__ __or__ __pos__ __pow__ __radd__ __rand__ __rdiv__
__rdivmod__ __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmod__ __rmul__ __ror__ __rpow__ __rrshift__ __rshift__
__rsub__ __rtruediv__ __rxor__ __set__ __setattr__ __setitem__ __setslice__ __str__ __sub__ __subclasscheck__
__truediv__ __trunc__ __unicode__ __xor__ next
""".split()

INDEX = {name: number for number, name in enumerate(NAMES)}
COUNT = len(NAMES)


def special(name):
    """The number of special method `name`; call it at module level."""
    return INDEX[name]
