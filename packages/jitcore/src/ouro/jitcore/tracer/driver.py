"""What the run-time parts know of one `JitDriver`: made at translation, except for the code of its portal."""


class Location:
    """What `get_location` of a driver says."""

    def __init__(self, filename="", line=0, function="", position=0, opcode=""):
        self.filename = filename
        self.line = line
        self.function = function
        self.position = position
        self.opcode = opcode


class DriverHooks:
    """The functions that a driver was given, over green keys. The translator makes a subclass for each driver; here
    are the answers for what a driver does not say.
    """

    def printable_location(self, key):
        """The position for logs, a string."""
        return ""

    def location_of(self, key):
        """The position for tools, a `Location`."""
        return Location()

    def unique_id(self, key):
        """A number for the code object, for profilers."""
        return 0

    def can_never_inline(self, key):
        """Must the portal be called, and not traced into, at this position?"""
        return False

    def should_unroll_one_iteration(self, key):
        """Should a loop here be traced twice before it is closed?"""
        return False

    def has_condition(self):
        """Does `may_enter` ask the program?"""
        return False

    def may_enter(self, key, ints, references, floats):
        """Does `confirm_enter_jit` agree to run compiled code, or to trace, with these reds?"""
        return True


class Driver:
    """One driver.

    Attributes:
        index: its number in `jit_merge_point` instructions.
        name: for logs and parameters.
        greens_i, greens_r, greens_f: how many greens of each kind.
        red_kinds: the kinds of the reds in the order of the merge point: all `i`, then all `r`, then all `f`.
        result_kind: what the portal gives, a letter.
        portal: the jitcode of the portal, set with the jitcodes.
        runner: the address of the function that runs the portal from its merge point on, with the greens and the reds
            as arguments, and `runner_call` its `CallDescriptor`.
        virtualizable: the `VirtualizableDescription` of a red, or None, set with the jitcodes; `virtualizable_index` is
            the place of the red among those of kind reference.
        is_recursive: the interpreter calls itself through this driver.
        hooks: a `DriverHooks`.
        dead_references: the registers for references, as characters, that are neither greens nor reds at the merge
            point of the portal; None until they were asked for.
    """

    def __init__(self, index, name, greens, red_kinds, result_kind, runner, runner_call, hooks,
                 virtualizable_index=-1, is_recursive=False):
        self.index = index
        self.name = name
        self.greens_i = greens.count("i")
        self.greens_r = greens.count("r")
        self.greens_f = greens.count("f")
        self.red_kinds = red_kinds
        self.reds_i = red_kinds.count("i")
        self.reds_r = red_kinds.count("r")
        self.reds_f = red_kinds.count("f")
        self.result_kind = result_kind
        self.portal = None
        self.runner = runner
        self.runner_call = runner_call
        self.hooks = hooks
        self.virtualizable = None
        self.virtualizable_index = virtualizable_index
        self.is_recursive = is_recursive
        self.dead_references = None
