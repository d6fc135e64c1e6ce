"""What ends a command with one message for the user."""

from __future__ import annotations


class UserError(Exception):
    """Something that the user of the command can mend.

    Args:
        message: one sentence or a few lines: what is wrong, and where.
        suggestion: what to do about it.
        status: the exit status of the command.
    """

    def __init__(self, message: str, suggestion: str | None = None, status: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.status = status
