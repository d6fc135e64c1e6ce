"""Random portals with what they are run with, for backends of all kinds."""

import random

from frame_samples import FrameSamples
from ouro.jitcore.descriptors import RANDOM, EffectDescriptor
from ouro.jitcore.resume import follow_virtual_reference, force_virtualizable
from ouro.lltype import GCREF, FuncType, Signed, functionptr
from random_jitcodes import FramePortalGenerator, PortalGenerator
from samples import NULL
from traced import Traced

OFF = dict(threshold=-1, function_threshold=-1)


class World:
    """A random portal and its arguments, from a seed."""

    def __init__(self, seed, with_frame, samples=FrameSamples, **parameters):
        self.samples = samples()
        self.with_frame = with_frame
        memory, names = self.samples.memory, self.samples.names
        self.descriptors = names.descriptors
        TYPE = FuncType([GCREF, GCREF, Signed], Signed)
        names.add_integer("look", memory.address_of(functionptr(TYPE, "look", callable=self.look)))
        names.add_descriptor(memory.descriptors.call(TYPE, EffectDescriptor(RANDOM)), "call.look")
        generator = FramePortalGenerator if with_frame else PortalGenerator
        self.text = generator(random.Random(seed)).program()
        driver = ("f0", "i", "iiiiiirrrrff", "i")
        if with_frame:
            driver = ("f0", "i", "iiiiiirrrrrff", "i", None, 4)
        self.traced = Traced(
            self.samples, self.text, driver, virtualizables=[self.samples.description if with_frame else None],
            virtual_reference=self.samples.virtual_reference, **parameters)
        self.machine = self.traced.machine
        numbers = random.Random(seed + 1)
        self.words = [numbers.choice([0, 1, 5, -3, 2**40, -(2**63)]) for _ in range(5)]
        self.node = self.samples.node(numbers.randrange(10))
        self.machine.set_field_reference(self.node, self.node, self.descriptors["Node.next"])
        self.ints = self.machine.new_array(self.descriptors["Ints"], 3, True)
        self.string = self.machine.new_array(self.descriptors["String"], 1, True)
        self.frame = self.samples.frame()

    def word(self, reference, name):
        """A field of kind int."""
        return self.machine.get_field_int(reference, self.descriptors[name])

    def count(self, frame):
        """The count in a frame."""
        counts = self.machine.get_field_reference(frame, self.descriptors["Frame.counts"])
        return self.machine.get_item_int(counts, 0, self.descriptors["Counts"])

    def value(self, node):
        """The value of a node, None for null."""
        return self.word(node, "Node.value") if node else None

    def look(self, frame, stand_in, mode):
        """Perhaps look into a frame, write to it, follow a virtual reference, and raise."""
        backend, machine, calls = self.samples.backend, self.machine, self.samples.calls
        if mode < 4:
            calls.append(mode)
            return mode
        force_virtualizable(machine, backend, self.samples.description, frame)
        top = machine.get_field_reference(frame, self.descriptors["Frame.top"])
        position = self.word(frame, "Frame.pc")
        calls.append(("pc", position, self.count(frame), self.value(top)))
        if mode & 1:
            machine.set_field_int(frame, (position + 1) & 0xFFFF, self.descriptors["Frame.pc"])
        if mode == 6 and stand_in:
            found = follow_virtual_reference(machine, backend, self.samples.virtual_reference, stand_in)
            calls.append(("object", self.value(found)))
        if mode == 7:
            raise self.samples.error(77)
        return self.count(frame)

    def run(self, count):
        """What a run that goes round so often gives, what it called, and what is in the frame then."""
        machine, frame = self.machine, self.frame
        del self.samples.calls[:]
        arguments = [self.node, NULL, self.ints, self.string]
        if self.with_frame:
            arguments.append(frame)
        result = self.traced.run("f0", 0, count, *self.words, *arguments, 0.5, 2.5)
        if isinstance(result, tuple):
            result = "raised", self.word(result[1], "Error.code")
        force_virtualizable(machine, self.samples.backend, self.samples.description, frame)
        items = machine.get_field_reference(frame, self.descriptors["Frame.items"])
        nodes = [machine.get_field_reference(frame, self.descriptors["Frame.top"])]
        nodes += [machine.get_item_reference(items, index, self.descriptors["Items"]) for index in range(2)]
        return (
            result, list(self.samples.calls), self.value(self.node),
            machine.get_field_float(self.node, self.descriptors["Node.weight"]), self.word(frame, "Frame.pc"),
            machine.get_field_float(frame, self.descriptors["Frame.ratio"]), self.count(frame),
            [self.value(node) for node in nodes],
        )
