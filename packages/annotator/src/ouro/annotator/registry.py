"""Where later stages and libraries register what host functions, methods and types mean to the annotator.

* `builtin(function)`: calling a function or class of the host;
* `primitive("module.name")`: calling a function that `rlib` marks as a primitive;
* `method(kind, "name")`: a method of a built-in kind of annotation, or of a `Registered` type by its name;
* `host_type(type)`: the annotation of prebuilt objects of a host type;
* `handler("operation", kind...)`: what a flow graph operation does with kinds of annotations.

Handlers are called with the engine and the operation first, then with the annotations, and return an annotation.
They raise
`Complaint` where the program is wrong; the engine adds the place.
"""

from ouro.annotator._constants import host_type
from ouro.annotator._dispatch import builtin, handler, method, primitive, raises
from ouro.annotator._errors import Complaint

__all__ = ["Complaint", "builtin", "handler", "host_type", "method", "primitive", "raises"]
