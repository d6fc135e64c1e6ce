"""`from __future__ import ...` at the head of a module."""

from ouro.interp_py27.parser import FEATURE_FLAGS, SyntaxProblem, nodes


class FutureFeatures:
    """`flags` of the features asked for, and the line of the last such statement (-1 if there is none)."""

    def __init__(self, flags, last_line):
        self.flags = flags
        self.last_line = last_line


def future_features(tree, filename):
    """Find the features that a module asks for; raises SyntaxProblem for unknown or misplaced ones."""
    features = FutureFeatures(0, -1)
    if isinstance(tree, nodes.Module):
        _scan(tree.body, features, filename)
    elif isinstance(tree, nodes.Interactive):
        _scan(tree.body, features, filename)
    return features


def _scan(body, features, filename):
    docstring_seen = False
    done = False
    previous_line = 0
    for statement in body:
        if done and statement.lineno > previous_line:
            return
        previous_line = statement.lineno
        if is_future_import(statement):
            if done:
                raise _problem("from __future__ imports must occur at the beginning of the file", filename,
                               statement.lineno)
            assert isinstance(statement, nodes.ImportFrom)
            for alias in statement.names:
                features.flags |= _feature_flag(alias.name, filename, statement.lineno)
            features.last_line = statement.lineno
        elif isinstance(statement, nodes.Expr) and not docstring_seen:
            if isinstance(statement.value, nodes.Str):
                docstring_seen = True
            else:
                done = True
        else:
            done = True


def is_future_import(statement):
    if not isinstance(statement, nodes.ImportFrom):
        return False
    module = statement.module
    return module is not None and module == "__future__"


def _feature_flag(name, filename, lineno):
    if name == "braces":
        raise _problem("not a chance", filename, lineno)
    flag = FEATURE_FLAGS.get(name, -1)
    if flag < 0:
        raise _problem("future feature %s is not defined" % name, filename, lineno)
    return flag


def _problem(message, filename, lineno):
    return SyntaxProblem("SyntaxError", message, filename, lineno, -1, None, SyntaxProblem.LOCATION_AS_ATTRIBUTES)
