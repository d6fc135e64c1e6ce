"""The error of the codewriter."""

from __future__ import annotations

from ouro.jitcore.errors import HintError


class CodewriterError(HintError):
    """A hint in the program contradicts the program."""
