"""From source or AST to a code unit: the pipeline on one page."""

from ouro.interp_py27.parser import DEFAULT_OPTIONS, Callbacks, parse_source

from ._expressions import CompileOptions
from ._future import future_features
from ._scopes import ScopeBuilder
from ._statements import CodeGenerator

DEFAULT_COMPILE_OPTIONS = CompileOptions()
DEFAULT_CALLBACKS = Callbacks()


def compile_source(source, filename, mode, flags, callbacks=DEFAULT_CALLBACKS, options=DEFAULT_COMPILE_OPTIONS,
                   parse_options=DEFAULT_OPTIONS):
    """Compile a program.

    Parameters:
        source: the program's bytes; with `SOURCE_IS_UTF8` among the flags, text encoded as UTF-8. mode:
        `"exec"`, `"eval"` or `"single"`. flags: `CO_FUTURE_*` in force (those of the code that calls, if it
        lets them be inherited) and `compile()`'s own. callbacks: a `Callbacks`, for warnings, codecs and
        character names. options, parse_options: see `CompileOptions` and `ParseOptions`.

    Returns a `CodeUnit`.  Raises SyntaxProblem, or IncompleteInput in interactive mode.
    """
    tree = parse_source(source, filename, mode, flags, callbacks, parse_options)
    return compile_ast(tree, filename, flags, callbacks, options)


def compile_ast(tree, filename, flags, callbacks=DEFAULT_CALLBACKS, options=DEFAULT_COMPILE_OPTIONS):
    """Compile a `Module`, `Expression` or `Interactive` node; otherwise as `compile_source`."""
    features = future_features(tree, filename)
    scope_builder = ScopeBuilder(filename, callbacks)
    scope_builder.build(tree)
    generator = CodeGenerator(filename, scope_builder.scopes, flags | features.flags, options, callbacks)
    generator.last_future_line = features.last_line
    return generator.generate(tree)
