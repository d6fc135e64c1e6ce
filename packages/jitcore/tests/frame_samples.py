"""A virtualizable class and the class of stand-ins, for tests of frames of compiled code."""

from ouro.jitcore.jitcode import VirtualizableDescription
from ouro.jitcore.resume import VirtualReferenceDescription
from ouro.lltype import GCREF, Float, GcArray, GcStruct, Ptr, Signed
from ouro.rtyper import OBJECT
from samples import NODE, Samples, make_vtable

COUNTS, ITEMS, RATIOS = GcArray(Signed), GcArray(Ptr(NODE)), GcArray(Float)
FRAME = GcStruct("Frame", ("super", OBJECT), ("token", GCREF), ("pc", Signed), ("top", Ptr(NODE)), ("ratio", Float),
                 ("items", Ptr(ITEMS)), ("counts", Ptr(COUNTS)), ("ratios", Ptr(RATIOS)), ("other", Signed))
STAND_IN = GcStruct("StandIn", ("super", OBJECT), ("token", GCREF), ("object", GCREF))


class FrameSamples(Samples):
    """`Samples` with descriptors of `FRAME` and `STAND_IN`.

    Attributes:
        description: of the virtualizable.
        virtual_reference: of the stand-ins.
    """

    def __init__(self):
        super().__init__()
        table, names = self.memory.descriptors, self.names
        for STRUCT, low in ((FRAME, 10), (STAND_IN, 12)):
            self.vtables[STRUCT] = make_vtable(low, low + 1)
            names.add_descriptor(table.size(STRUCT))
            for name in STRUCT.names[1:]:
                names.add_descriptor(table.field(STRUCT, name))
            names.add_integer(f"class.{STRUCT.name}", self.memory.address_of(self.vtables[STRUCT]))
        for name, ARRAY in (("Items", ITEMS), ("Counts", COUNTS), ("Ratios", RATIOS)):
            names.add_descriptor(table.array(ARRAY), name)
        field = names.descriptors
        self.description = VirtualizableDescription(
            "Frame", field["Frame"], [field["Frame.pc"], field["Frame.top"], field["Frame.ratio"]],
            [field["Frame.items"], field["Frame.counts"], field["Frame.ratios"]],
            [field["Items"], field["Counts"], field["Ratios"]], field["Frame.token"])
        self.virtual_reference = VirtualReferenceDescription(
            field["StandIn"], field["StandIn.token"], field["StandIn.object"])

    def frame(self):
        """A new frame with two items, a count and a ratio, as a GC reference."""
        table, memory = self.memory.descriptors, self.memory
        frame = memory.new(table.size(FRAME))
        for name, ARRAY, length in (("items", ITEMS, 2), ("counts", COUNTS, 1), ("ratios", RATIOS, 1)):
            memory.set_field(table.field(FRAME, name), frame, memory.new_array(table.array(ARRAY), length, True))
        return frame
