"""Python 2.7 written in RPython."""
