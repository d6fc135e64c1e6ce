"""The mathematics of the C library, without Python's errors: special values come back as C gives them."""

from ouro.rlib import rffi

_ONE = """
acos asin atan sin cos tan sinh cosh tanh asinh acosh atanh exp expm1 log log1p log10 sqrt fabs floor
""".split()
_TWO = "atan2 hypot pow fmod".split()

libm = rffi.library(
    "".join("double %s(double);\n" % name for name in _ONE)
    + "".join("double %s(double, double);\n" % name for name in _TWO),
    libraries=["m"],
)
