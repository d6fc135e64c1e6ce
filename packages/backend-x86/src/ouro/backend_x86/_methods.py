"""From the forms to methods: a closure for each shape of operands and way to address memory.

Each function made here is RPython whose free variables are constants: what is left of it in a translated program is a
call of one of the encoder's methods with a number.
"""

from __future__ import annotations

from typing import Any, Callable

from ouro.backend_x86._encoder import digit
from ouro.backend_x86._forms import Form, Method
from ouro.backend_x86.code_buffer import fits_byte

_NONE = -1  # in the place of a packed form that does not exist

Made = dict[str, Callable[..., Any]]


def make_methods(method: Method, word_bits: int) -> Made:
    """The functions for one method of the table, by name: one, or one for each way to address memory."""
    letters = method.letters
    if "m" in letters:
        made = _with_memory(method)
        if word_bits != 64:
            del made["p"]
        place = len(method.name) - len(method.name.rpartition("_")[2]) + letters.index("m")
        made = {method.name[:place] + mode + method.name[place + 1 :]: function for mode, function in made.items()}
    elif letters == "l":
        made = _branch(method)
    elif letters == "s":
        made = _short_branch(method)
    else:
        made = {method.name: _without_memory(method)}
    for name, function in made.items():
        function.__name__ = name
        function.__qualname__ = "Assembler." + name
    return made


def _packed(form: Form | None) -> int:
    return _NONE if form is None else form.packed


def _required(form: Form | None) -> Form:
    assert form is not None
    return form


# ---- registers and immediates


def _without_memory(method: Method) -> Callable[..., Any]:
    shape = method.letters
    if shape.endswith("i") and method.form is None:
        if shape == "i":
            return _immediate_alone(method)
        return _two_registers_immediate(method) if len(shape) == 3 else _register_immediate(method)
    form = _required(method.form)
    packed = form.packed
    if shape == "":

        def nothing(self):
            self._plain(packed)

        return nothing
    if shape == "ri":

        def full_immediate(self, register, value):
            self._in_opcode(packed, register)
            self.int64(value)

        assert form.in_opcode and form.immediate == 8
        return full_immediate
    if len(shape) == 1:
        return _one_register(method, form)
    return _two_registers(method, form)


def _one_register(method: Method, form: Form) -> Callable[..., Any]:
    packed = form.packed
    reg = digit(packed)
    if method.conditional:

        def conditional(self, condition, register):
            self._register(packed | condition, reg, register)

        return conditional
    if form.in_opcode:

        def in_opcode(self, register):
            self._in_opcode(packed, register)

        return in_opcode

    def one(self, register):
        self._register(packed, reg, register)

    return one


def _two_registers(method: Method, form: Form) -> Callable[..., Any]:
    packed = form.packed
    if method.conditional:

        def conditional(self, condition, destination, source):
            self._register(packed | condition, destination, source)

        return conditional
    if form.rm == 0:

        def destination_in_rm(self, destination, source):
            self._register(packed, source, destination)

        return destination_in_rm

    def destination_in_reg(self, destination, source):
        self._register(packed, destination, source)

    return destination_in_reg


def _immediate_choice(method: Method) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Two RPython functions: the shortest form for a value; how many bytes the immediate has in a form."""
    small = _packed(method.small)
    large = _packed(method.large)
    one = _packed(method.one)
    large_size = method.large.immediate if method.large else 0

    def choose(value):
        if one != _NONE and value == 1:
            return one
        if small != _NONE and (large == _NONE or fits_byte(value)):
            return small
        return large

    def size_of(form):
        if form == small:
            return 1
        if form == large:
            return large_size
        return 0

    return choose, size_of


def _immediate_alone(method: Method) -> Callable[..., Any]:
    choose, size_of = _immediate_choice(method)

    def immediate(self, value):
        form = choose(value)
        self._plain(form)
        self._immediate(size_of(form), value)

    return immediate


def _register_immediate(method: Method) -> Callable[..., Any]:
    choose, size_of = _immediate_choice(method)
    form_with_digit = _required(method.small or method.large)
    reg = digit(form_with_digit.packed)
    accumulator = _packed(method.accumulator)
    accumulator_size = method.accumulator.immediate if method.accumulator else 0
    if form_with_digit.in_opcode:

        def in_opcode(self, register, value):
            form = choose(value)
            self._in_opcode(form, register)
            self._immediate(size_of(form), value)

        return in_opcode

    def register_immediate(self, register, value):
        form = choose(value)
        size = size_of(form)
        # of the same length or longer than the general form only where that has a short immediate
        if accumulator != _NONE and register == 0 and size == accumulator_size:
            self._plain(accumulator)
        else:
            self._register(form, reg, register)
        self._immediate(size, value)

    return register_immediate


def _two_registers_immediate(method: Method) -> Callable[..., Any]:
    choose, size_of = _immediate_choice(method)

    def two_registers_immediate(self, destination, source, value):
        form = choose(value)
        self._register(form, destination, source)
        self._immediate(size_of(form), value)

    return two_registers_immediate


def _branch(method: Method) -> Made:
    """To a label, and to an absolute address; both return where the 32-bit distance is, for patching."""
    packed = _required(method.form).packed
    name = method.name.rpartition("_")[0]
    if method.conditional:

        def conditional_to_label(self, condition, label):
            self._plain(packed | condition)
            self.relative(label, 0)
            return self.position() - 4

        def conditional_to_address(self, condition, address):
            self._plain(packed | condition)
            return self.relative_to_address(address)

        return {name + "_l": conditional_to_label, name + "_to": conditional_to_address}

    def to_label(self, label):
        self._plain(packed)
        self.relative(label, 0)
        return self.position() - 4

    def to_address(self, address):
        self._plain(packed)
        return self.relative_to_address(address)

    return {name + "_l": to_label, name + "_to": to_address}


def _short_branch(method: Method) -> Made:
    packed = _required(method.form).packed
    if method.conditional:

        def conditional(self, condition, label):
            self._plain(packed | condition)
            self.short_relative(label)

        return {method.name: conditional}

    def short(self, label):
        self._plain(packed)
        self.short_relative(label)

    return {method.name: short}


# ---- memory: m based, x indexed, a absolute, p relative to the instruction


def _with_memory(method: Method) -> Made:
    shape = method.letters
    if shape.endswith("i"):
        return _register_memory_immediate(method) if len(shape) == 3 else _memory_immediate(method)
    packed = _required(method.form).packed
    if len(shape) == 1:
        return _conditional_memory(packed) if method.conditional else _memory(packed)
    if method.conditional:
        return _conditional_register_memory(packed)
    return _memory_register(packed) if shape[0] == "m" else _register_memory(packed)


def _memory(packed: int) -> Made:
    reg = digit(packed)

    def based(self, base, displacement):
        self._based(packed, reg, base, displacement)

    def indexed(self, base, index, shift, displacement):
        self._indexed(packed, reg, base, index, shift, displacement)

    def absolute(self, address):
        self._absolute(packed, reg, address)

    def relative(self, label):
        self._relative(packed, reg, label, 0)

    return {"m": based, "x": indexed, "a": absolute, "p": relative}


def _conditional_memory(packed: int) -> Made:
    def based(self, condition, base, displacement):
        self._based(packed | condition, 0, base, displacement)

    def indexed(self, condition, base, index, shift, displacement):
        self._indexed(packed | condition, 0, base, index, shift, displacement)

    def absolute(self, condition, address):
        self._absolute(packed | condition, 0, address)

    def relative(self, condition, label):
        self._relative(packed | condition, 0, label, 0)

    return {"m": based, "x": indexed, "a": absolute, "p": relative}


def _register_memory(packed: int) -> Made:
    def based(self, register, base, displacement):
        self._based(packed, register, base, displacement)

    def indexed(self, register, base, index, shift, displacement):
        self._indexed(packed, register, base, index, shift, displacement)

    def absolute(self, register, address):
        self._absolute(packed, register, address)

    def relative(self, register, label):
        self._relative(packed, register, label, 0)

    return {"m": based, "x": indexed, "a": absolute, "p": relative}


def _conditional_register_memory(packed: int) -> Made:
    def based(self, condition, register, base, displacement):
        self._based(packed | condition, register, base, displacement)

    def indexed(self, condition, register, base, index, shift, displacement):
        self._indexed(packed | condition, register, base, index, shift, displacement)

    def absolute(self, condition, register, address):
        self._absolute(packed | condition, register, address)

    def relative(self, condition, register, label):
        self._relative(packed | condition, register, label, 0)

    return {"m": based, "x": indexed, "a": absolute, "p": relative}


def _memory_register(packed: int) -> Made:
    def based(self, base, displacement, register):
        self._based(packed, register, base, displacement)

    def indexed(self, base, index, shift, displacement, register):
        self._indexed(packed, register, base, index, shift, displacement)

    def absolute(self, address, register):
        self._absolute(packed, register, address)

    def relative(self, label, register):
        self._relative(packed, register, label, 0)

    return {"m": based, "x": indexed, "a": absolute, "p": relative}


def _memory_immediate(method: Method) -> Made:
    choose, size_of = _immediate_choice(method)
    reg = digit(_required(method.small or method.large).packed)

    def based(self, base, displacement, value):
        form = choose(value)
        self._based(form, reg, base, displacement)
        self._immediate(size_of(form), value)

    def indexed(self, base, index, shift, displacement, value):
        form = choose(value)
        self._indexed(form, reg, base, index, shift, displacement)
        self._immediate(size_of(form), value)

    def absolute(self, address, value):
        form = choose(value)
        self._absolute(form, reg, address)
        self._immediate(size_of(form), value)

    def relative(self, label, value):
        form = choose(value)
        self._relative(form, reg, label, size_of(form))
        self._immediate(size_of(form), value)

    return {"m": based, "x": indexed, "a": absolute, "p": relative}


def _register_memory_immediate(method: Method) -> Made:
    choose, size_of = _immediate_choice(method)

    def based(self, register, base, displacement, value):
        form = choose(value)
        self._based(form, register, base, displacement)
        self._immediate(size_of(form), value)

    def indexed(self, register, base, index, shift, displacement, value):
        form = choose(value)
        self._indexed(form, register, base, index, shift, displacement)
        self._immediate(size_of(form), value)

    def absolute(self, register, address, value):
        form = choose(value)
        self._absolute(form, register, address)
        self._immediate(size_of(form), value)

    def relative(self, register, label, value):
        form = choose(value)
        self._relative(form, register, label, size_of(form))
        self._immediate(size_of(form), value)

    return {"m": based, "x": indexed, "a": absolute, "p": relative}
