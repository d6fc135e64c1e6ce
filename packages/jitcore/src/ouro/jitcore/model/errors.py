"""What goes wrong in the model."""


class ModelError(Exception):
    """A trace did something that the table of operations leaves undefined, or the backend was misused."""
