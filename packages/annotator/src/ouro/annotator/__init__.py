"""Whole-program type inference over flow graphs.

`annotate(entry_point, argument_annotations)` gives an `AnnotatedProgram`. The lattice is
`ouro.annotator.annotations`, what it refers to `ouro.annotator.containers` and `ouro.annotator.descriptions`.
`ouro.annotator.registry` is where later stages and libraries say what a function of the host means;
`ouro.annotator.substitutes` and `ouro.annotator.implied` hold RPython functions that stand in for the host's.
"""

from ouro.annotator import annotations, calls, containers, descriptions, registry
from ouro.annotator._annotate import annotate
from ouro.annotator._errors import AnnotatorError, Place
from ouro.annotator._verify import verify
from ouro.annotator.calls import ArgumentSource, plan_arguments
from ouro.annotator.program import AnnotatedProgram

__all__ = [
    "AnnotatedProgram",
    "AnnotatorError",
    "ArgumentSource",
    "Place",
    "annotate",
    "annotations",
    "calls",
    "containers",
    "descriptions",
    "plan_arguments",
    "registry",
    "verify",
]
