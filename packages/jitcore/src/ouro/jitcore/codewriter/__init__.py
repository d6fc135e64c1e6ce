"""From typed graphs to jitcodes, at translation: host only.

`write_jitcodes` is all of it; `Policy` decides which functions the tracer looks into; `CodewriterError` is what a
program that contradicts its hints gets.
"""

from ouro.jitcore.codewriter.errors import CodewriterError
from ouro.jitcore.codewriter.naming import program_names
from ouro.jitcore.codewriter.policy import Policy
from ouro.jitcore.codewriter.writer import write_jitcodes

__all__ = ["CodewriterError", "Policy", "program_names", "write_jitcodes"]
