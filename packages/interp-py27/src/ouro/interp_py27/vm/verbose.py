"""What the options ``-v`` and ``-vv`` tell of imports, on standard error."""

from ouro.interp_py27.objects import space


class Verbosity:
    """How often ``-v`` was given."""

    def __init__(self):
        self.level = 0


verbosity = Verbosity()


def tell(text):
    """Say what was loaded from where."""
    if verbosity.level > 0:
        space.write_stderr(text + "\n")


def tell_tried(path):
    """Say where a module is looked for."""
    if verbosity.level > 1:
        space.write_stderr("# trying %s\n" % path)
