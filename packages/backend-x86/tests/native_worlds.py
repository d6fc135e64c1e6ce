"""Random traces and objects in native memory, and small traces from text, for tests of the backend."""

from ouro.backend_x86.testing import NativeProcess
from ouro.jitcore.backend.conformance.hosts import view
from ouro.jitcore.backend.generated_wide_world import ERROR, RANGES, WideWorld
from ouro.jitcore.backend.generator import describe_end
from ouro.jitcore.descriptors import CANNOT_RAISE, CallDescriptor, EffectDescriptor, FinishDescriptor, LoopToken
from ouro.jitcore.text import Names, parse_trace
from ouro.lltype import GCREF, cast_opaque_ptr


class Samples:
    """A process with names for the text of traces."""

    def __init__(self):
        self.process = NativeProcess()
        self.backend = self.process.backend
        self.names = Names()
        for kind in "irfn":
            self.names.add_descriptor(FinishDescriptor(f"done_{kind}", kind, False))
        self.names.add_descriptor(FinishDescriptor("leave", "r", True))

    def token(self, name, kinds, result="n", labels=("start",)):
        """A loop token with names for its labels."""
        token = LoopToken(name, kinds, result)
        for label in labels:
            self.names.add_descriptor(token.new_target(f"{name}.{label}"))
        return token

    def parse(self, text):
        """A trace from text."""
        return parse_trace(text, self.names)

    def compile(self, text, name="loop", result="n"):
        """Compile a loop; its token."""
        first = text.strip().split("\n")[0]
        kinds = "".join(word.strip()[0] for word in first.strip("[] ").split(",") if word.strip())
        token = self.token(name, kinds, result)
        self.backend.compile_loop(self.parse(text), token)
        return token

    @staticmethod
    def call_descriptor(kinds, result):
        """The descriptor of calls of a function that `NativeProcess.native` made."""
        effect = EffectDescriptor(CANNOT_RAISE)
        return CallDescriptor(f"call_{kinds}_{result}", kinds, result, 8, True, effect)

    def enter(self, token, *arguments):
        """Run a loop with arguments of all kinds; its frame."""
        by_kind = {"i": [], "r": [], "f": []}
        for kind, value in zip(token.argument_kinds, arguments):
            by_kind[kind].append(value)
        frame = self.backend.enter(token, by_kind["i"], by_kind["r"], by_kind["f"])
        self.process.check()
        return frame


class Objects:
    """The world of random traces on a host of the conformance suite."""

    RANGES = RANGES

    def __init__(self, host):
        self.host = host
        self.world = WideWorld(host.descriptors, host.address_of, host.vtables, host.make, host.make_raw)
        error_class = host.address_of(host.vtables[ERROR])
        self.world.let_calls_raise(error_class, self._exception)
        self.world.let_calls_force(host.backend, self._describe_frame)
        self.world.let_loops_be_called(host.backend, host.set_assembler_failure)

    def _exception(self):
        return self.host.exception_of(cast_opaque_ptr(GCREF, self.host.make(ERROR)))

    def _describe_frame(self, frame):
        return describe_end(self.host.backend, self.world.generated, self.describe, frame)

    def describe(self, reference):
        """What a reference leads to, a few objects deep."""
        if not reference:
            return None
        TYPE = self.host.type_of(reference)
        return self.world.describe_object(TYPE, view(TYPE, reference))
