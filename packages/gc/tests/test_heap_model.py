"""Every collector against a model of the heap: Python objects that Python's own references keep alive.

After each step the reachable part of the native heap must look like the model, and the collector's own
verifier must be content.
"""

from random import Random

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ouro.gc._collectors.generational import GenerationalCollector
from ouro.gc._collectors.large import CARD_ITEMS
from ouro.gc._collectors.marksweep import MarkSweepCollector
from ouro.gc._collectors.memory import get_type_id
from ouro.gc._collectors.semispace import SemiSpaceCollector
from ouro.gc._header import HEADER_SIZE
from ouro.gc.testing import HostHeap, HostType
from ouro.lltype import NULL, Address, Signed, load, store

ROOTS = 6
PREBUILT = 3
WORD = 8


class ModelObject:
    """What an object should look like: its type, pointers (fields, then items) and a serial number."""

    def __init__(self, host_type, serial, pointers):
        self.host_type = host_type
        self.serial = serial
        self.pointers = pointers
        self.target = None
        self.identity = None
        self.hash = None
        self.pinned_at = None
        self.collected = False

    def reachable(self):
        seen = {self}
        pending = [self]
        while pending:
            for other in pending.pop().pointers:
                if other is not None and other not in seen:
                    seen.add(other)
                    pending.append(other)
        return seen


class HeapMachine(RuleBasedStateMachine):
    """The steps; subclasses say which collector and how it is set."""

    collector_class = None
    nursery = 2048
    debug = 1
    maximum = 0
    can_always_pin = False

    def __init__(self):
        super().__init__()
        self.serial = 0
        self.finalized = []
        self.light_finalized = []
        self.types = [
            HostType("pair", pointers=2, numbers=1, instance=True),
            HostType("big", pointers=3, numbers=70, instance=True),
            HostType("bytes", numbers=1, items=(0, 1)),
            HostType("array", numbers=1, items=(1, 0)),
            HostType("entries", pointers=1, numbers=1, items=(1, 1)),
            HostType("weak", pointers=1, weak=True),
            HostType("finalized", pointers=1, numbers=1, finalizer=self.on_finalizer),
            HostType("light", numbers=1, finalizer=self.on_light_finalizer, light=True),
        ]
        self.pair, self.big, self.bytes, self.array, self.entries, self.weak, self.fin, self.light = self.types
        self.heap = HostHeap(
            self.collector_class(), self.types, ROOTS, self.nursery, self.maximum, self.debug
        )
        self.collector = self.heap.collector
        self.roots = [None] * ROOTS
        self.prebuilt = []
        for _ in range(PREBUILT):
            obj = self.heap.make_prebuilt(self.pair)
            model = self.new_model(self.pair, 2)
            self.write_serial(obj, model)
            self.prebuilt.append((obj, model))
        self.with_finalizer = {}
        self.queued = {}
        self.weak_models = []

    # -- helpers

    def new_model(self, host_type, pointers):
        self.serial += 1
        return ModelObject(host_type, self.serial, [None] * pointers)

    def serial_offset(self, host_type):
        return HEADER_SIZE + WORD * host_type.pointers

    def write_serial(self, obj, model):
        store(Signed, obj, self.serial_offset(model.host_type), model.serial)

    def on_finalizer(self, obj):
        serial = load(Signed, obj, self.serial_offset(self.fin))
        self.finalized.append(serial)

    def on_light_finalizer(self, obj):
        self.light_finalized.append(load(Signed, obj, self.serial_offset(self.light)))

    def live(self):
        """Every model object that the program can reach."""
        seen = set()
        for root in [*self.roots, *(model for _, model in self.prebuilt)]:
            if root is not None and root not in seen:
                seen |= root.reachable()
        return seen

    def allocate(self, host_type, root, length=0):
        obj = self.heap.allocate(host_type, length)
        assert get_type_id(obj) == host_type.type_id
        model = self.new_model(host_type, 0 if host_type.weak else host_type.pointers)
        if host_type.items is not None and host_type.items[0]:
            model.pointers += [None] * length
        self.check_cleared(host_type, obj, length)
        self.write_serial(obj, model)
        self.heap.set_root(root, obj)
        self.roots[root] = model
        return obj, model

    def check_cleared(self, host_type, obj, length):
        for index in range(host_type.pointers):
            assert load(Address, obj, HEADER_SIZE + WORD * index) == NULL
        if host_type.items is not None:
            assert load(Signed, obj, host_type.length_offset) == length
            for offset in range(0, length * host_type.item_size, WORD):
                assert load(Signed, obj, host_type.fixed_size + offset) == 0

    def read(self, obj, model, index):
        if index < model.host_type.pointers:
            return load(Address, obj, HEADER_SIZE + WORD * index)
        return self.heap.get_item(model.host_type, obj, index - model.host_type.pointers)

    def write(self, obj, model, index, value, value_model):
        if index < model.host_type.pointers:
            self.heap.set_field(model.host_type, obj, index, value)
        else:
            self.heap.set_item(model.host_type, obj, index - model.host_type.pointers, value)
        model.pointers[index] = value_model

    def place(self, number):
        """A root or a prebuilt object by number: its address and model."""
        if number < ROOTS:
            return self.heap.get_root(number), self.roots[number]
        return self.prebuilt[number - ROOTS]

    # -- steps

    slots = st.integers(0, ROOTS - 1)
    places = st.integers(0, ROOTS + PREBUILT - 1)

    @rule(root=slots, kind=st.sampled_from([0, 0, 0, 1]))
    def new_object(self, root, kind):
        self.allocate(self.types[kind], root)

    @rule(root=slots, length=st.one_of(st.integers(0, 8), st.sampled_from([60, 200, 300, 700])))
    def new_array(self, root, length):
        self.allocate(self.array, root, length)

    @rule(root=slots, length=st.one_of(st.integers(0, 8), st.sampled_from([130, 300])))
    def new_entries(self, root, length):
        self.allocate(self.entries, root, length)

    @rule(root=slots, length=st.sampled_from([0, 1, 3, 40, 150, 400]))
    def new_bytes(self, root, length):
        self.allocate(self.bytes, root, length)

    @rule(count=st.integers(1, 40))
    def make_garbage(self, count):
        for _ in range(count):
            self.heap.allocate(self.pair)

    @rule(root=slots)
    def drop(self, root):
        self.heap.set_root(root, NULL)
        self.roots[root] = None

    @rule(source=places, root=slots)
    def copy_root(self, source, root):
        obj, model = self.place(source)
        self.heap.set_root(root, obj)
        self.roots[root] = model

    @rule(into=places, source=places, position=st.integers(0, 10_000))
    def write_pointer(self, into, source, position):
        obj, model = self.place(into)
        value, value_model = self.place(source)
        if model is not None and model.pointers:
            self.write(obj, model, position % len(model.pointers), value, value_model)

    @rule(into=places, position=st.integers(0, 10_000))
    def clear_pointer(self, into, position):
        obj, model = self.place(into)
        if model is not None and model.pointers:
            self.write(obj, model, position % len(model.pointers), NULL, None)

    @rule(source=places, root=slots, position=st.integers(0, 10_000))
    def read_pointer(self, source, root, position):
        obj, model = self.place(source)
        if model is not None and model.pointers:
            position %= len(model.pointers)
            self.heap.set_root(root, self.read(obj, model, position))
            self.roots[root] = model.pointers[position]

    @rule(
        source=slots,
        into=slots,
        starts=st.tuples(st.integers(0, 900), st.integers(0, 900)),
        count=st.integers(1, 900),
    )
    def copy_array(self, source, into, starts, count):
        from_model, to_model = self.roots[source], self.roots[into]
        if from_model is None or to_model is None or from_model.host_type is not to_model.host_type:
            return
        fixed = from_model.host_type.pointers
        lengths = [len(model.pointers) - fixed for model in (from_model, to_model)]
        if from_model.host_type.items is None or from_model.host_type.items[0] == 0 or not all(lengths):
            return
        start, target_start = starts[0] % lengths[0], starts[1] % lengths[1]
        count = min(count, lengths[0] - start, lengths[1] - target_start)
        self.heap.copy_items(
            from_model.host_type, self.heap.get_root(source), self.heap.get_root(into),
            start, target_start, count,
        )  # fmt: skip
        begin, end = fixed + start, fixed + start + count
        to_model.pointers[fixed + target_start : fixed + target_start + count] = from_model.pointers[begin:end]

    @rule(root=slots, into=slots)
    def new_weak_reference(self, root, into):
        if self.roots[into] is None or self.roots[into].host_type is self.weak:
            return
        obj = self.heap.allocate(self.weak)
        store(Address, obj, HEADER_SIZE, self.heap.get_root(into))
        self.collector.register_weak_reference(obj)
        model = ModelObject(self.weak, 0, [])
        model.target = self.roots[into]
        self.weak_models.append(model)
        self.heap.set_root(root, obj)
        self.roots[root] = model

    @rule(
        into=places,
        position=st.integers(0, 10_000),
        kind=st.sampled_from([0, 2, 3, 4, 6]),
        length=st.integers(0, 300),
    )
    def store_new_object(self, into, position, kind, length):
        """A young object that only another object refers to."""
        host_type = self.types[kind]
        if into == 0 or host_type is self.fin:
            return
        self.allocate(host_type, 0, length if host_type.items is not None else 0)
        self.write_pointer(into, 0, position)
        self.heap.set_root(0, NULL)
        self.roots[0] = None

    @rule(seed=st.integers(0, 1 << 30), count=st.integers(1, 150))
    def many_steps(self, seed, count):
        """Steps without looking at the heap in between."""
        random = Random(seed)
        for _ in range(count):
            place, other = random.randrange(ROOTS + PREBUILT), random.randrange(ROOTS + PREBUILT)
            root, position = random.randrange(ROOTS), random.randrange(1000)
            step = random.randrange(12)
            if step == 0:
                self.new_object(root, 0)
            elif step == 1:
                self.new_array(root, random.choice([3, 300, 700]))
            elif step <= 4:
                self.write_pointer(place, other, position)
            elif step <= 7:
                self.store_new_object(place, position, random.choice([0, 0, 3, 4]), random.choice([2, 20, 300]))
            elif step == 8:
                self.read_pointer(place, root, position)
            elif step == 9:
                self.copy_array(place % ROOTS, root, (position, random.randrange(1000)), random.randrange(1, 900))
            elif step == 10:
                self.copy_root(place, root)
            elif random.randrange(3) == 0:
                self.collect_in_steps()
            elif random.randrange(3) == 0:
                self.take_identity(place)
            elif random.randrange(2) == 0:
                self.pin_stored_bytes(place, position, root)

    @rule(source=slots, root=slots)
    def follow_weak_reference(self, source, root):
        model = self.roots[source]
        if model is not None and model.host_type is self.weak:
            target = load(Address, self.heap.get_root(source), HEADER_SIZE)
            self.heap.set_root(root, target)
            self.roots[root] = None if target == NULL else model.target

    @rule(root=slots)
    def new_finalized(self, root):
        _, model = self.allocate(self.fin, root)
        self.with_finalizer[model.serial] = model

    @rule(root=slots)
    def new_light(self, root):
        self.allocate(self.light, root)

    @rule(root=slots)
    def register_in_queue(self, root):
        model = self.roots[root]
        if model is not None and model.host_type is self.pair and model.serial not in self.queued:
            if all(model is not prebuilt for _, prebuilt in self.prebuilt):
                self.collector.queue_register(1, self.heap.get_root(root))
                self.queued[model.serial] = model

    @rule(root=slots)
    def take_from_queue(self, root):
        obj = self.collector.queue_next(1)
        if obj != NULL:
            model = self.queued.pop(load(Signed, obj, self.serial_offset(self.pair)))
            assert model not in self.live()
            self.heap.set_root(root, obj)
            self.roots[root] = model

    @rule(place=places)
    def take_identity(self, place):
        obj, model = self.place(place)
        if model is None:
            return
        identity, identity_hash = self.collector.identity(obj), self.collector.identity_hash(obj)
        if model.identity is not None:
            assert (identity, identity_hash) == (model.identity, model.hash)
        model.identity, model.hash = identity, identity_hash
        assert all(other is model or other.identity != identity for other in self.live())

    @rule(root=slots)
    def pin(self, root):
        model = self.roots[root]
        if model is not None and model.pinned_at is None and model.host_type is self.bytes:
            obj = self.heap.get_root(root)
            if self.collector.pin(obj):
                model.pinned_at = obj
                assert self.collector.is_pinned(obj) and not self.collector.can_move(obj)

    @rule(into=places, position=st.integers(0, 10_000), root=slots)
    def pin_stored_bytes(self, into, position, root):
        """A pinned object that an old object refers to."""
        self.new_bytes(root, 3)
        self.pin(root)
        self.write_pointer(into, root, position)

    @rule(root=slots)
    def unpin(self, root):
        model = self.roots[root]
        if model is not None and model.pinned_at is not None:
            self.collector.unpin(self.heap.get_root(root))
            model.pinned_at = None

    @rule()
    def collect_minor(self):
        self.collector.collect(0)

    @rule()
    def collect_in_steps(self):
        self.collector.collect_step()

    @rule()
    def collect_everything(self):
        called_before = set(self.finalized)
        live = self.live()
        self.collector.collect(2)
        self.check_finalizers(live, called_before)
        for model in self.weak_models:
            if model.target is not None and model in live and model.target not in live:
                model.collected = True

    @rule(steps=st.integers(0, 3), root=slots)
    def find_instances(self, steps, root):
        """All instances that are reachable are found once, whatever happens before they are asked for; no dead one."""
        kept = [model for model in self.roots if model is not None]
        kept += [other for _, model in self.prebuilt for other in model.pointers if other is not None]
        wanted = {model.serial for start in kept for model in start.reachable() if model.host_type.instance}
        waiting = [*self.with_finalizer.values(), *self.queued.values()]
        possible = {model.serial for start in waiting for model in start.reachable()}
        possible |= wanted | {model.serial for _, model in self.prebuilt}
        assert self.collector.find_instances()
        for step in [self.collect_minor, self.collect_everything, self.collect_in_steps][:steps]:
            step()
        self.new_object(root, 0)
        found = []
        obj = self.collector.next_instance()
        while obj != NULL:
            host_type = self.types[get_type_id(obj) // self.pair.type_id - 1]
            assert host_type.instance
            found.append(load(Signed, obj, self.serial_offset(host_type)))
            obj = self.collector.next_instance()
        assert len(found) == len(set(found))
        assert wanted <= set(found) <= possible

    def check_finalizers(self, live, called_before):
        """What died has its finalizer called from the outside in; what lives has not."""
        called = set(self.finalized) - called_before
        assert not {model.serial for model in live} & called
        waiting = {serial for serial, model in self.with_finalizer.items() if model not in live}
        waiting |= {serial for serial, model in self.queued.items() if model not in live}
        by_serial = {**self.with_finalizer, **self.queued}
        for serial in called:
            reached = {model.serial for model in by_serial[serial].reachable()}
            for other in waiting - called_before - {serial}:
                if serial in {model.serial for model in by_serial[other].reachable()}:
                    # Only an object of the same cycle may refer to one whose finalizer was called.
                    assert other in reached or other in called_before

    # -- what must always hold

    @invariant()
    def heap_looks_like_the_model(self):
        assert len(self.finalized) == len(set(self.finalized))
        assert len(self.light_finalized) == len(set(self.light_finalized))
        pending = [(self.heap.get_root(index), model) for index, model in enumerate(self.roots)]
        pending += self.prebuilt
        seen = {}
        while pending:
            obj, model = pending.pop()
            if model is None:
                assert obj == NULL
                continue
            known = seen.get(model)
            if known is not None:
                assert known == obj
                continue
            seen[model] = obj
            self.check_object(obj, model)
            pending += [(self.read(obj, model, index), other) for index, other in enumerate(model.pointers)]
        assert len(set(seen.values())) == len(seen)
        for model, obj in seen.items():
            if model.target is not None:
                self.check_weak_reference(obj, model, seen)
            assert model.serial not in self.light_finalized or model.host_type is not self.light

    def check_object(self, obj, model):
        assert get_type_id(obj) == model.host_type.type_id
        if not model.host_type.weak:
            assert load(Signed, obj, self.serial_offset(model.host_type)) == model.serial
        assert model.pinned_at is None or model.pinned_at == obj

    def check_weak_reference(self, obj, model, seen):
        target = load(Address, obj, HEADER_SIZE)
        if model.collected:
            assert target == NULL
        elif model.target in seen:
            if target == NULL:  # it died, and a finalizer queue brought it back
                assert model.target.serial in self.finalized or model.target.serial not in self.queued
            else:
                assert target == seen[model.target]

    @precondition(lambda self: isinstance(self.collector, GenerationalCollector))
    @invariant()
    def verifier_is_content(self):
        self.collector.verify()


def machine(collector, name, **attributes):
    """The test case of a variant."""
    variant = type(name, (HeapMachine,), {"collector_class": collector, **attributes})
    case = variant.TestCase
    case.settings = settings(
        max_examples=attributes.get("examples", 20),
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return case




class SmallSlices(GenerationalCollector):
    """Marks few objects in each slice."""

    def slice_work(self):
        return 200


TestGenerationalSmallSlices = machine(SmallSlices, "GenerationalSmallSlices", nursery=1024, debug=5)
TestGenerational = machine(GenerationalCollector, "Generational")
TestGenerationalTinyNursery = machine(GenerationalCollector, "GenerationalTinyNursery", nursery=1024)
TestGenerationalCollectAlways = machine(GenerationalCollector, "GenerationalCollectAlways", debug=3)
TestGenerationalMajorAlways = machine(GenerationalCollector, "GenerationalMajorAlways", nursery=1024, debug=7)
TestMarkSweep = machine(MarkSweepCollector, "MarkSweep", nursery=8192)
TestMarkSweepCollectAlways = machine(MarkSweepCollector, "MarkSweepCollectAlways", debug=2, examples=10)
TestSemiSpace = machine(SemiSpaceCollector, "SemiSpace", nursery=32768)
TestSemiSpaceCollectAlways = machine(SemiSpaceCollector, "SemiSpaceCollectAlways", nursery=32768, debug=2, examples=10)


def test_arrays_of_the_model_reach_the_sizes_that_have_cards():
    assert 300 >= 2 * CARD_ITEMS
