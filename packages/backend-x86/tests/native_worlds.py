"""Random traces and objects in native memory, and small traces from text, for tests of the backend."""

from ouro.backend_x86.testing import NativeProcess
from ouro.jitcore.backend.generator import FLOATS, INTS, World
from ouro.jitcore.descriptors import FinishDescriptor, LoopToken
from ouro.jitcore.text import Names, parse_trace


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

    def enter(self, token, *arguments):
        """Run a loop with arguments of all kinds; its frame."""
        by_kind = {"i": [], "r": [], "f": []}
        for kind, value in zip(token.argument_kinds, arguments):
            by_kind[kind].append(value)
        frame = self.backend.enter(token, by_kind["i"], by_kind["r"], by_kind["f"])
        self.process.check()
        return frame


class Objects:
    """The world of random traces in native memory."""

    def __init__(self, process):
        self.process = process
        self.world = World(process.descriptors, process.address_of)

    def describe(self, reference, depth=4):
        """What a reference leads to, a few objects deep."""
        if not reference:
            return None
        TYPE = self.process.type_of(reference)
        if TYPE is INTS or TYPE is FLOATS:
            return [repr(item) for item in self.process.typed(reference)]
        node, chain = self.process.typed(reference), []
        while node and depth:
            chain.append((node.value, repr(node.weight)))
            node, depth = node.next, depth - 1
        return chain
