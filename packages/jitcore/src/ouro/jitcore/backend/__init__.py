"""Backends: what turns a trace into something that runs."""

from ouro.jitcore.backend.interface import Backend, CalledLoops, CannotCompile, JitFrame, NoRoomForCode

__all__ = ["Backend", "CalledLoops", "CannotCompile", "JitFrame", "NoRoomForCode"]
