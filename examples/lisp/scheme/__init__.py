"""A small Scheme: reader, analyser, evaluator and primitives, each in its own module."""
