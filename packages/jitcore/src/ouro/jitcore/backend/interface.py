"""The interface of a backend."""


class CannotCompile(Exception):
    """A backend has no room for a trace, or the trace does not fit the machine. Nothing has changed."""


class NoRoomForCode(CannotCompile):
    """There is no memory for more code."""


class JitFrame:
    """What is left of a run of compiled code. `descriptor` says how it ended: the guard that failed (a
    `GuardDescriptor`) or the finish that was reached (a `FinishDescriptor`). `on_purpose`: see `Backend.fail_guards`.
    """

    descriptor = None
    on_purpose = False


class CalledLoops:
    """What a backend asks when a loop that compiled code called did not finish: given by who resumes from guards."""

    def left(self, frame):
        """Go on behind the guard by which the loop was left, up to the end of the portal.

        Args:
            frame: the `JitFrame` of the loop.

        Returns:
            An `Outcome` that says `FINISHED_...` or `RAISED`.
        """
        raise NotImplementedError


class Backend:
    """Compiles traces and runs them.

    A backend may rewrite the traces it is given. Positions in a frame are those of `GuardDescriptor.values`; the
    result of a finish is at position 0.
    """

    word_size = 8
    supports_floats = True
    #: Does it look at `GuardDescriptor.values` when it has compiled a trace?
    reads_values_of_guards = True
    #: How many bytes of code there may be at a time; 0 for as many as possible.
    code_limit = 0
    #: The `CalledLoops` for `call_assembler`.
    called_loops = None
    #: How many guards run until one fails on purpose, 0 for never, and how many are left until then.
    failing_period = 0
    _until_failing = 0
    #: Where the machine code is that was compiled last, and how long it is; 0 for a backend without machine code.
    code_address = 0
    code_size = 0

    def settle(self, references):
        """A recording is about to begin whose constants are these references, which the caller keeps, and what they
        refer to.

        A backend that must have objects stay where they are before it can name them in code sees to that now, while
        nothing of the recording is there yet that would have to be moved, too. Others need not do anything.
        """

    def compile_loop(self, trace, token):
        """Compile the trace that `token` (a `LoopToken`) is entered by; its labels become targets of jumps.

        Raises:
            CannotCompile: and the token is as it was.
        """
        raise NotImplementedError

    def compile_bridge(self, guard, trace, token):
        """Compile a trace that goes on where `guard` fails: its inputs are the values that the guard keeps, without
        the positions that are `NOTHING`. An exception that is pending stays so.

        Raises:
            CannotCompile: and the guard is as it was.
        """
        raise NotImplementedError

    def fail_guards(self, period):
        """For tests of what follows a failure: one of `period` guards that run fails on purpose, whether it holds or
        not, in code that is compiled from now on. Its frame says so; no bridge is entered. With 0 none does any more.

        Resuming does again what the guard was about, or goes on behind the call that it belongs to: a failure that was
        not necessary changes nothing but the time that it takes. Guards that mean an exception without having resume
        data (`leaves_with_exception`) are excepted.
        """
        self.failing_period = period
        self._until_failing = period

    def fails_on_purpose(self, guard):
        """For a backend that does one instruction after the other: is a guard to fail on purpose this time?"""
        if self.failing_period == 0 or guard.leaves_with_exception:
            return False
        self._until_failing -= 1
        if self._until_failing > 0:
            return False
        self._until_failing = self.failing_period
        return True

    def enter(self, token, ints, references, floats):
        """Run compiled code until a guard without bridge fails or the trace finishes.

        Args:
            token: the loop.
            ints, references, floats: lists of the arguments of each kind, in the order of the inputs.

        Returns:
            A `JitFrame`.
        """
        raise NotImplementedError

    def enter_passed(self, token, values, first_int, first_reference, first_float):
        """As `enter`, with `PassedValues`, of which the arguments are those from a first one of each kind on. The
        values are empty when the code begins to run.
        """
        ints = values.ints_between(first_int, values.int_count)
        references = values.references_between(first_reference, values.reference_count)
        floats = values.floats_between(first_float, values.float_count)
        values.clear()
        return self.enter(token, ints, references, floats)

    def value_int(self, frame, position):
        """A machine word in a frame."""
        raise NotImplementedError

    def value_reference(self, frame, position):
        """A GC reference in a frame."""
        raise NotImplementedError

    def value_float(self, frame, position):
        """A double in a frame."""
        raise NotImplementedError

    def exception(self, frame):
        """The exception that is pending in a frame, a GC reference, null for none."""
        raise NotImplementedError

    def force(self, frame_token):
        """While compiled code calls a function that may force: the frame of the code (a `JitFrame`), whose
        `guard_not_forced` will fail.
        """
        raise NotImplementedError

    def keep_forced(self, frame, forced):
        """Keep a `resume.ForcedVirtuals` with a frame that `force` gave. It is kept until the frame is left."""
        raise NotImplementedError

    def forced_of(self, frame):
        """What `keep_forced` kept for the same run of compiled code, whether `frame` is from `force` or from `enter`;
        None for a frame that was not forced.
        """
        raise NotImplementedError

    def redirect_call_assembler(self, old, new):
        """Make calls of one loop enter another with the same arguments."""
        raise NotImplementedError

    def invalidate(self, token):
        """Make every `guard_not_invalidated` in the code of a loop and its bridges fail."""
        raise NotImplementedError

    def free(self, token):
        """Give back the code of a loop and its bridges. No code may jump into it or call it any more."""
        raise NotImplementedError
