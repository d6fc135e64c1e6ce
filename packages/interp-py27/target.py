"""The Python 2.7 interpreter as a target: ``ouro translate packages/interp-py27/target.py --output ouro27``."""

from ouro.interp_py27.main import target

__all__ = ["target"]
