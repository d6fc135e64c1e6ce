"""The blackhole interpreter: runs jitcodes from where compiled code was left to the next merge point."""

from ouro.jitcore.blackhole.frame import BlackholeFrame
from ouro.jitcore.blackhole.interpreter import Blackhole, BlackholeInterpreter

__all__ = ["Blackhole", "BlackholeFrame", "BlackholeInterpreter"]
