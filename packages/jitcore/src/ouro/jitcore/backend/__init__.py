"""Backends: what turns a trace into something that runs."""

from ouro.jitcore.backend.interface import Backend, JitFrame

__all__ = ["Backend", "JitFrame"]
