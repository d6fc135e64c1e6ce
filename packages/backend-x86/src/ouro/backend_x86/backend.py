"""The backend: allocates registers, emits, installs, patches, runs and frees the code of traces."""

from __future__ import annotations

from ouro.backend_x86.code_buffer import OutOfReach
from ouro.backend_x86.code_memory import CodeMemory, OutOfCodeMemory
from ouro.backend_x86.dump import dump_code, dump_patch
from ouro.backend_x86.emitter import Emitter64
from ouro.backend_x86.exits import Exits
from ouro.backend_x86.frame_layout import (
    EXCEPTION_WORD,
    EXIT_SHIFT,
    EXIT_WORD,
    FORCE_TOKEN_TAG,
    FORCED_WORD,
    FRAME_HEADER_WORDS,
    INFORMATION_WORD,
)
from ouro.backend_x86.frames import FinishedFrame, FrameMemory, X86Frame
from ouro.backend_x86.machine import MACHINE
from ouro.backend_x86.native_call import call_code
from ouro.backend_x86.stubs import Stubs
from ouro.jitcore import operations as ops
from ouro.jitcore.backend import Backend
from ouro.jitcore.backend.registers import NOWHERE, allocate, decode_locations, slot
from ouro.jitcore.backend.rewriting import rewrite
from ouro.jitcore.descriptors import FinishDescriptor, GuardDescriptor, TargetToken
from ouro.jitcore.outcome import (
    RAISED,
    finished_float,
    finished_int,
    finished_none,
    finished_reference,
    raised,
)
from ouro.jitcore.trace import NULL_REFERENCE

#: So many guards do not run.
_NEVER = 1 << 62


class CodePiece:
    """The code of one trace.

    Attributes:
        token: the loop that it belongs to.
        block: where it is.
        first_exit, exit_count, guards: its exits: numbers from `first_exit` on, and the guards in that order.
        failures, kinds, gc_maps: for each guard, where its values are (`encode_locations`), their kinds, and which
            words of the frame are references then.
        follows_forcing: for each guard, whether it fails where the frame was forced.
        result_places: for each guard, at which place it keeps the result of the call in front of it, or -1.
        sites, site_guards: the positions of the distances of the jumps that leave, in order, and for each which of the
            guards it belongs to. Two lists for all guards: one for each would take several times the memory.
        invalidation_positions, invalidation_targets, invalidation_guards: where invalidation writes jumps, the
            positions these go to, and which guards they leave by.
        words: the number of words that frames need in it and wherever it jumps to.
        references: the objects that it contains the addresses of.
        is_bridge: is it the code of a bridge?
    """

    def __init__(self, token, block, first_exit, exit_count, words, references, is_bridge):
        self.token = token
        self.is_bridge = is_bridge
        self.block = block
        self.first_exit = first_exit
        self.exit_count = exit_count
        self.words = words
        self.references = references
        self.guards = []
        self.failures = []
        self.kinds = []
        self.gc_maps = []
        self.follows_forcing = []
        self.result_places = []
        self.sites = []
        self.site_guards = []
        self.invalidation_positions = []
        self.invalidation_targets = []
        self.invalidation_guards = []

    def sites_of(self, guard):
        """The positions of the distances of the jumps that leave by one of the guards."""
        sites = []
        for index in range(len(self.sites)):
            if self.site_guards[index] == guard:
                sites.append(self.sites[index])
        return sites


    def guard_in_front_of(self, address):
        """The guard that stands next in front of an address in the code, None if none does."""
        nearest = -1
        found = -1
        for index in range(len(self.sites)):
            position = self.sites[index]
            if nearest < position < address - self.block.address:
                nearest = position
                found = self.site_guards[index]
        return self.guards[found] if found >= 0 else None


class LoopCode:
    """What `LoopToken.code` is: the address of what other code must know of the loop; `compiled` once there is any."""

    def __init__(self, information):
        self.information = information
        self.compiled = False


def outcome_of_finish(descriptor, frame):
    """The `Outcome` of a frame that ended with a finish."""
    if descriptor.is_exception:
        return raised(frame.reference)
    if descriptor.kind == "i":
        return finished_int(frame.number)
    if descriptor.kind == "r":
        return finished_reference(frame.reference)
    if descriptor.kind == "f":
        return finished_float(frame.real)
    return finished_none()


def _shared(known, text):
    """The string that stands for all that are equal."""
    if text not in known:
        known[text] = text
    return known[text]


def _place_of(value, values):
    """The first place of a value in a list, or -1."""
    for place in range(len(values)):
        if values[place] == value:
            return place
    return -1


class X86Backend(Backend):
    """Compiles for x86-64.

    Args:
        runtime: what code must know of the process; its functions that make frames may call this backend.
        collector: the `CollectorDescription` that traces are lowered for.
        code_memory_size: bytes of addresses for code, at most 1 GB.
        leaves: the descriptor of frames that end with an exception that is not in the trace (no stack, no memory).

    All methods that compile raise OutOfCodeMemory where there is no room, with nothing changed.
    """

    word_size = 8
    supports_floats = True
    reads_values_of_guards = False

    def __init__(self, runtime, collector, code_memory_size, leaves):
        self.runtime = runtime
        self.collector = collector
        self.frames = FrameMemory(self.word_size)
        self.exits = Exits()
        # a `PerfMap`, if the profiler is to know the names of compiled code
        self.perf_map = None
        self.called_loops = None
        self._code_memory_size = code_memory_size
        self._leaves = leaves
        # what `force` gave for the frames that a call has forced and that have not been left since, by address
        self._forced_frames = {}
        # the references of a frame that is being read, by word: as many as frames have words
        self._landed = []
        self._landed_exception = NULL_REFERENCE
        # two words, if guards fail on purpose: how many guards are left until one does, and whether one just did
        self.failing_cell = 0
        self.memory = None
        self.stubs = None
        # all code that there is, by its address
        self._pieces = {}

    def start(self):
        """Get memory for code. A backend may be made while a program is translated; this happens when it runs."""
        if self.memory is not None:
            return
        self.runtime.start(self.collector)
        stubs = Stubs(MACHINE, self.runtime, self.exits.of_finish(self._leaves))
        memory = CodeMemory(self._code_memory_size)
        try:
            stubs.install(memory)
        except OutOfReach:
            raise OutOfCodeMemory from None
        dump_code("stubs", "stubs", stubs, stubs.block, [], [])
        self.stubs = stubs
        self.memory = memory

    def fail_guards(self, period):
        self.failing_period = period
        if period > 0 and self.failing_cell == 0:
            self.failing_cell = self.frames.new_words(2)
        if self.failing_cell != 0:
            self.frames.set_word(self.failing_cell, 0, period if period > 0 else _NEVER)
            self.frames.set_word(self.failing_cell, 1, 0)

    def _failed_on_purpose(self):
        """Did the run of code that has just ended fail on purpose? Then the next guards count down again."""
        if self.failing_cell == 0 or self.frames.word(self.failing_cell, 1) == 0:
            return False
        self.fail_guards(self.failing_period)
        return True

    # ---- compiling

    def settle(self, references):
        self.runtime.settle_references(references)

    def compile_loop(self, trace, token):
        self.start()
        trace = rewrite(trace, self.collector)
        inputs = []
        for number in range(trace.input_count()):
            inputs.append(slot(number))
        allocation = self.allocate_registers(trace, inputs)
        was_known = token.code is not None
        try:
            piece = self._assemble(trace, allocation, token, 0, False)
        except OutOfCodeMemory:
            if not was_known and token.code is not None:
                # a call of itself has asked for its information
                self.frames.free_information(token.code.information)
                token.code = None
            raise
        information = self.loop_information(token)
        self.frames.describe_loop(information, piece.block.address, piece.words)
        token.code.compiled = True
        token.blocks.append(piece)

    def allocate_registers(self, trace, inputs):
        """The `Allocation` for a trace whose inputs are in `inputs`; tests look at each."""
        return allocate(trace, MACHINE, inputs)

    def compile_bridge(self, guard, trace, token):
        trace = rewrite(trace, self.collector)
        owner = self.exits.piece(guard.place)
        index = guard.place - owner.first_exit
        inputs = []
        for location in decode_locations(owner.failures[index]):
            if location != NOWHERE:
                inputs.append(location)
        allocation = self.allocate_registers(trace, inputs)
        piece = self._assemble(trace, allocation, token, owner.words, owner.follows_forcing[index])
        try:
            sites = owner.sites_of(index)
            self.memory.patch_relatives(owner.block, sites, piece.block.address)
        except (OutOfReach, OutOfCodeMemory):
            self._forget(piece)
            raise OutOfCodeMemory from None
        for site in sites:
            dump_patch(owner.block.address + site, piece.block.address)
        self.frames.lengthen_frames(self.loop_information(token), piece.words)
        token.blocks.append(piece)
        guard.bridge = piece

    def _assemble(self, trace, allocation, token, known_words, follows_forcing):
        """Emit and install a trace; `known_words` is the length that its frame has at least, 0 for a loop, and
        `follows_forcing` says that it is entered with a frame that was forced.
        """
        self.runtime.settle_references(trace.constants.references)
        guard_count = len(trace.guards)
        first_exit = self.exits.take(guard_count)
        emitter = Emitter64(MACHINE, self.runtime, self.stubs, self, trace, allocation, first_exit)
        words = self._needed_words(trace, allocation)
        if known_words == 0:
            emitter.emit_entry()
        elif words > known_words:
            emitter.emit_frame_check(words)
        if follows_forcing:
            emitter.emit_unforce()
        emitter.emit_trace()
        try:
            if self.code_limit > 0 and self.memory.used_bytes() + emitter.position() > self.code_limit:
                raise OutOfCodeMemory
            block = self.memory.install(emitter)
        except (OutOfReach, OutOfCodeMemory):
            self.exits.give_back(first_exit, guard_count)
            raise OutOfCodeMemory from None
        while len(self._landed) < words:
            self._landed.append(NULL_REFERENCE)
        self._tell_tools(token, emitter, block, known_words == 0)
        references = trace.constants.references
        piece = CodePiece(token, block, first_exit, guard_count, words, references, known_words != 0)
        self._pieces[block.address] = piece
        self._register_guards(piece, trace, allocation, emitter)
        for index in range(len(emitter.targets)):
            target = emitter.targets[index]
            target.place = block.address + emitter.target_labels[index].position
            target.code = piece
        return piece

    def _tell_tools(self, token, emitter, block, is_loop):
        """Let the log and the profiler know of new code."""
        self.code_address = block.address
        self.code_size = emitter.position()
        kind = "loop" if is_loop else "bridge"
        dump_code(kind, token.name, emitter, block, emitter.trace.opcodes, emitter.positions)
        if self.perf_map is not None:
            self.perf_map.add(block.address, emitter.position(), "jit " + kind + " " + token.title)

    def _needed_words(self, trace, allocation):
        """How many words frames have in a trace, and in the code that it jumps to."""
        words = MACHINE.saved_words + allocation.slots
        last = trace.length() - 1
        target = trace.descriptors[last]
        if isinstance(target, TargetToken) and target.code is not None:
            words = max(words, target.code.words)
        return words

    def _register_guards(self, piece, trace, allocation, emitter):
        # neighbours often keep the same: one string for all of them
        known = {}
        for index in range(emitter.exit_count):
            number = emitter.exit_numbers[index]
            guard = trace.descriptors[number]
            assert isinstance(guard, GuardDescriptor)
            kinds = [trace.kind_of(value) if value != -1 else "_" for value in guard.values]
            text = "".join(kinds)
            if text == guard.kinds:
                text = guard.kinds
            piece.guards.append(guard)
            piece.failures.append(_shared(known, allocation.failures[number]))
            piece.kinds.append(_shared(known, text))
            guard.kinds = _shared(known, guard.kinds)
            piece.follows_forcing.append(trace.opcodes[number] == ops.GUARD_NOT_FORCED)
            piece.result_places.append(_place_of(number - 1, guard.values))
            piece.gc_maps.append(_shared(known, allocation.gc_maps[number]))
            guard.place = piece.first_exit + index
            self.exits.assign(guard.place, guard, piece)
        piece.sites = emitter.exit_sites
        piece.site_guards = emitter.exit_of_site
        for index in range(len(emitter.invalidation_positions)):
            exit_index = emitter.invalidation_exits[index]
            piece.invalidation_positions.append(emitter.invalidation_positions[index])
            piece.invalidation_targets.append(emitter.exit_labels[exit_index].position)
            piece.invalidation_guards.append(exit_index)

    def piece_at(self, address):
        """The `CodePiece` whose code is at an address, None if there is none."""
        for begin in self._pieces:
            piece = self._pieces[begin]
            if begin <= address < begin + piece.block.size:
                return piece
        return None

    def exit_of_finish(self, descriptor):
        """The exit of a finish."""
        return self.exits.of_finish(descriptor)

    def loop_information(self, token):
        """The address of the information of a loop, which may not be compiled yet."""
        if token.code is None:
            token.code = LoopCode(self.frames.new_information())
        code = token.code
        assert isinstance(code, LoopCode)
        return code.information

    # ---- running

    def enter(self, token, ints, references, floats):
        return self._run(self._filled_frame(token, ints, 0, references, 0, floats, 0))

    def enter_passed(self, token, values, first_int, first_reference, first_float):
        frame = self._filled_frame(
            token, values.ints, first_int, values.references, first_reference, values.floats, first_float)
        values.clear()
        return self._run(frame)

    def _filled_frame(self, token, ints, int_count, references, reference_count, floats, float_count):
        """A frame with the arguments of a loop, from the places on that are given. Nothing may be allocated before it
        runs: the collector does not know of its references yet.
        """
        frames = self.frames
        frame = frames.take_frame(self.loop_information(token))
        first = FRAME_HEADER_WORDS + MACHINE.frame_word(slot(0))
        kinds = token.argument_kinds
        for position in range(len(kinds)):
            kind = kinds[position]
            if kind == "i":
                frames.set_word(frame, first + position, ints[int_count])
                int_count += 1
            elif kind == "r":
                word = self.runtime.address_of_reference(references[reference_count])
                frames.set_word(frame, first + position, word)
                reference_count += 1
            else:
                frames.set_double(frame, first + position, floats[float_count])
                float_count += 1
        return frame

    def _run(self, frame):
        frames = self.frames
        frame = call_code(frames.entry(frames.word(frame, INFORMATION_WORD)), frame, 0)
        result = self._read_frame(frame)
        frames.give_back(frame)
        return result

    def _read_frame(self, frame):
        """What a frame that has ended holds.

        No one but the frame has its references, and it is not on the shadow stack any more: they are brought to where
        the collector sees them before anything is allocated.
        """
        number = self.frames.word(frame, EXIT_WORD) >> EXIT_SHIFT
        descriptor = self.exits.descriptor(number)
        if isinstance(descriptor, GuardDescriptor):
            self._land(frame, number)
            result = self._read_values(frame, descriptor, True)
            result.pending = self._landed_exception
            result.on_purpose = self._failed_on_purpose()
            self._landed_exception = NULL_REFERENCE
            descriptor.failures += 1
            if self.frames.word(frame, FORCED_WORD) != 0:
                result.forced = self._forced_frames[frame].forced
                del self._forced_frames[frame]
            return result
        assert isinstance(descriptor, FinishDescriptor)
        kind = descriptor.kind
        if kind == "r":
            self._landed[0] = self.runtime.reference_at(self.frames.word(frame, FRAME_HEADER_WORDS))
            result = FinishedFrame(descriptor)
            result.reference = self._landed[0]
            self._landed[0] = NULL_REFERENCE
            return result
        result = FinishedFrame(descriptor)
        if kind == "i":
            result.number = self.frames.word(frame, FRAME_HEADER_WORDS)
        elif kind == "f":
            result.real = self.frames.double(frame, FRAME_HEADER_WORDS)
        return result

    def _land(self, frame, number):
        """Put the references that a guard keeps in `_landed`, by the word they were in. Allocates nothing."""
        piece = self.exits.piece(number)
        gc_map = piece.gc_maps[number - piece.first_exit]
        word = 0
        for index in range(2, len(gc_map)):
            bits = ord(gc_map[index])
            place = word
            while bits != 0:
                if bits & 1:
                    self._landed[place] = self.runtime.reference_at(self.frames.word(frame, FRAME_HEADER_WORDS + place))
                bits >>= 1
                place += 1
            word += 8
        pending = self.frames.word(frame, EXCEPTION_WORD)
        self._landed_exception = self.runtime.reference_at(pending)

    def _read_values(self, frame, guard, landed):
        """What a guard keeps: the references from `_landed`, or from a frame on the shadow stack, which is in a call
        yet, so that anything may be where its result will be.
        """
        piece = self.exits.piece(guard.place)
        index = guard.place - piece.first_exit
        text = piece.failures[index]
        kinds = piece.kinds[index]
        result = X86Frame(guard, kinds)
        # `decode_locations` without its list: this runs whenever a guard fails
        position = location = shift = 0
        for place in range(len(text)):
            character = ord(text[place])
            location |= (character & 0x7F) << shift
            shift += 7
            if character < 0x80:
                if location - 1 != NOWHERE:
                    if landed or position != piece.result_places[index]:
                        word = MACHINE.frame_word(location - 1)
                        self._read_value(result, position, kinds[position], frame, word, landed)
                position += 1
                location = shift = 0
        if landed:
            self._forget_landed(piece.gc_maps[index])
        return result

    def _forget_landed(self, gc_map):
        """Keep nothing alive that was in the words of a GC map."""
        word = 0
        for index in range(2, len(gc_map)):
            bits = ord(gc_map[index])
            place = word
            while bits != 0:
                if bits & 1:
                    self._landed[place] = NULL_REFERENCE
                bits >>= 1
                place += 1
            word += 8

    def _read_value(self, result, position, kind, frame, word, landed):
        if kind == "i":
            result.ints[position] = self.frames.word(frame, FRAME_HEADER_WORDS + word)
        elif kind == "f":
            result.floats[position] = self.frames.double(frame, FRAME_HEADER_WORDS + word)
        elif kind == "r" and landed:
            result.references[position] = self._landed[word]
        elif kind == "r":
            reference = self.runtime.reference_at(self.frames.word(frame, FRAME_HEADER_WORDS + word))
            result.references[position] = reference

    def value_int(self, frame, position):
        if isinstance(frame, FinishedFrame):
            return frame.number
        return frame.ints[position]

    def value_reference(self, frame, position):
        if isinstance(frame, FinishedFrame):
            return frame.reference
        return frame.references[position]

    def value_float(self, frame, position):
        if isinstance(frame, FinishedFrame):
            return frame.real
        return frame.floats[position]

    def exception(self, frame):
        return frame.pending

    def force(self, frame_token):
        frames = self.frames
        frame = frames.current(self.runtime.address_of_reference(frame_token) - FORCE_TOKEN_TAG)
        number = frames.word(frame, EXIT_WORD) >> EXIT_SHIFT
        guard = self.exits.descriptor(number)
        assert isinstance(guard, GuardDescriptor)
        if frames.word(frame, FORCED_WORD) == 0:
            frames.set_word(frame, FORCED_WORD, 1)
            self._forced_frames[frame] = self._read_values(frame, guard, False)
        return self._forced_frames[frame]

    def keep_forced(self, frame, forced):
        frame.forced = forced

    def forced_of(self, frame):
        return frame.forced

    # ---- what compiled code calls

    def result_of_loop(self, frame):
        """A loop that was called by another has ended: its `Outcome`, which says `FINISHED_...`, or `RAISED` and the
        exception is pending. The frame is given back.
        """
        ended = self._read_frame(frame)
        self.frames.give_back(frame)
        descriptor = ended.descriptor
        if isinstance(ended, FinishedFrame):
            assert isinstance(descriptor, FinishDescriptor)
            outcome = outcome_of_finish(descriptor, ended)
        else:
            outcome = self.called_loops.left(ended)
        if outcome.what == RAISED:
            self.runtime.set_pending_exception(outcome.reference)
        return outcome

    # ---- changing and freeing code

    def redirect_call_assembler(self, old, new):
        source = self.loop_information(new)
        target = self.loop_information(old)
        self.frames.describe_loop(target, self.frames.entry(source), self.frames.frame_words(source))
        old.redirected = new

    def invalidate(self, token):
        for piece in token.blocks:
            self.memory.write_jumps(piece.block, piece.invalidation_positions, piece.invalidation_targets)
            for index in range(len(piece.invalidation_positions)):
                # a bridge may be patched in there from now on
                piece.sites.append(piece.invalidation_positions[index] + 1)
                piece.site_guards.append(piece.invalidation_guards[index])
            piece.invalidation_positions = []
            piece.invalidation_targets = []
            piece.invalidation_guards = []

    def free(self, token):
        for piece in token.blocks:
            self._forget(piece)
        for target in token.targets:
            target.code = None
            target.place = -1
        if token.code is not None:
            self.frames.free_information(token.code.information)
            token.code = None
        del token.blocks[:]

    def _forget(self, piece):
        """Free the code of a trace and its exits."""
        for guard in piece.guards:
            guard.bridge = None
            guard.place = -1
        self.exits.give_back(piece.first_exit, piece.exit_count)
        del self._pieces[piece.block.address]
        self.memory.free(piece.block)
