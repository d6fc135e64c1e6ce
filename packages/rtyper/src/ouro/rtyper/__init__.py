"""Annotated flow graphs to low-level typed graphs."""
