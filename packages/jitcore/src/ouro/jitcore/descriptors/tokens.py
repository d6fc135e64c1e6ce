"""Descriptors that are made at run time: places in compiled code and ways out of it."""

from ouro.jitcore.descriptors.memory import Descriptor


class GuardDescriptor(Descriptor):
    """A place where a trace can be left.

    `values` are the references that resuming needs, `NOTHING` where a position is not used, and `kinds` a letter
    for each; once there is code, `values` are there only for backends that ask for them. `resume` is the place of the
    resume data in `store` (a `ResumeStore`); while there is no store, the number of the snapshot in the recorded trace,
    or -1. `bridge` is the code that goes on here, and `failures` says how often a run ended here because there was
    none: the backend counts. `place` is the backend's. `knowledge` is the place in `store` of what the optimizer knows
    here, -1 for nothing.

    The rest is for who decides whether to make a bridge: `number` (different for all guards of a run), `opcode`,
    `loop` (the `LoopToken` whose code the guard is in), and of a `guard_value` or `guard_nonnull` in `tested` the
    position, among what is kept, of the value that is tested, or -1. `comparison` and `compared_with` are the
    condition of a `guard_true` or `guard_false` (see `tracer.failures`). `leaves_with_exception`: there is nothing
    to resume, the pending exception leaves the portal. `aborts` says how many recordings of a bridge were given up.
    """

    name = "guard"

    def __init__(self, values, resume=-1):
        self.values = values
        self.kinds = ""
        self.resume = resume
        self.store = None
        self.knowledge = -1
        self.failures = 0
        self.bridge = None
        self.place = -1
        self.number = 0
        self.opcode = -1
        self.loop = None
        self.tested = -1
        self.comparison = -1
        self.compared_with = 0
        self.leaves_with_exception = False
        self.aborts = 0


class FinishDescriptor(Descriptor):
    """The end of a trace with a result of some kind, or with an exception that leaves the function."""

    def __init__(self, name, kind, is_exception):
        self.name = name
        self.kind = kind
        self.is_exception = is_exception


class TargetToken(Descriptor):
    """A label in compiled code: what jumps name.

    `code` and `place` are the backend's, `locations` the register allocator's: where a jump leaves the
    values. `state` is the optimizer's: what it relies on behind the label, None for a label that takes any values.
    """

    def __init__(self, name, loop):
        self.name = name
        self.loop = loop
        self.code = None
        self.place = -1
        self.locations = []
        self.state = None


class LoopToken(Descriptor):
    """All code of one green key. `argument_kinds` are the kinds of what it is entered with, `driver` the number of the
    driver, `number` that of the loop, `title` its name with its place, for tools. `uses` are the tokens that its code
    jumps to or calls, `last_use` and `running` say how recently and how often it is being run. `retraces` says how many
    bodies it got because the values of a bridge did not fit those that it had, `closes` whether its recording, or that
    of a bridge, went once round the loop. What is to be forgotten with it: `cells` (of `tracer.warm_state`) that lead
    to it, and `watchers` (of `tracer.dependencies`) that name it; `is_known` says whether ageing has it in its list.
    """

    def __init__(self, name, argument_kinds, result_kind):
        self.name = name
        self.argument_kinds = argument_kinds
        self.result_kind = result_kind
        self.targets = []
        self.code = None
        self.blocks = []
        self.redirected = None
        self.invalidated = False
        self.driver = 0
        self.number = 0
        self.title = name
        self.uses = []
        self.retraces = 0
        self.closes = False
        self.last_use = 0
        self.running = 0
        self.cells = []
        self.watchers = []
        self.is_known = False

    def new_target(self, name):
        """A token for one more label in the code of this loop."""
        target = TargetToken(name, self)
        self.targets.append(target)
        return target
