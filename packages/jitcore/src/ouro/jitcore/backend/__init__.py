"""Backends: what turns a trace into something that runs."""

from ouro.jitcore.backend.interface import Backend, CalledLoops, JitFrame

__all__ = ["Backend", "CalledLoops", "JitFrame"]
