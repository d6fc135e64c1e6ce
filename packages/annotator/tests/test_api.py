"""The public names."""

import ouro.annotator


def test_the_public_names_are_pinned():
    assert ouro.annotator.__all__ == [
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
    for name in ouro.annotator.__all__:
        assert getattr(ouro.annotator, name) is not None
