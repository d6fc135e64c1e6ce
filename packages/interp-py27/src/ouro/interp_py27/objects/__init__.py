"""The built-in types of Python 2.7, and the object space that acts on them."""

from ouro.interp_py27.objects import space as space

__all__ = ["space"]
