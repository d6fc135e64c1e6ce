"""What the analyser makes of a program: a tree of nodes that evaluate themselves.

``evaluate`` gives the value of a node. ``tail`` does the same for a node in tail position, but a call to
a closure comes back as a `PendingCall` instead of being made, and the loop in `run` makes it: so a
tail call costs no stack (a trampoline, as in Steele's Rabbit), and that loop is where the JIT sees
every procedure entry.
"""

from ouro.rlib import jit

from scheme.errors import SchemeError
from scheme.values import FALSE, UNASSIGNED, UNSPECIFIED, Procedure, Value, list_from, written


class Frame:
    """The variables of one procedure activation or ``let``, and the frame around it."""

    _immutable_fields_ = ["slots", "parent"]

    def __init__(self, slots, parent):
        self.slots = slots
        self.parent = parent


class GlobalCell:
    """A global variable; *value* hardly ever changes, which the JIT is told by the ``?``."""

    _immutable_fields_ = ["name", "value?"]

    def __init__(self, name):
        self.name = name
        self.value = UNASSIGNED


class Node:
    def evaluate(self, frame):
        raise NotImplementedError

    def tail(self, frame):
        return self.evaluate(frame)


class PendingCall(Value):
    """A call in tail position, to be made by `run`; it never reaches a program."""

    _attrs_ = ["body", "frame"]

    def __init__(self, body, frame):
        self.body = body
        self.frame = frame


def describe_procedure(body):
    return body.describe()


driver = jit.JitDriver(
    name="lisp", greens=["body"], reds=["frame"], get_printable_location=describe_procedure, is_recursive=True
)


def run(body, frame):
    """The value of a procedure body in *frame*; makes the tail calls that it ends in."""
    while True:
        driver.jit_merge_point(body=body, frame=frame)
        result = body.tail(frame)
        if not isinstance(result, PendingCall):
            return result
        body = result.body
        frame = result.frame
        driver.can_enter_jit(body=body, frame=frame)


def finish(result):
    """The value of what a procedure's ``apply`` gave back."""
    if isinstance(result, PendingCall):
        return run(result.body, result.frame)
    return result


class Literal(Node):
    _immutable_fields_ = ["value"]

    def __init__(self, value):
        self.value = value

    def evaluate(self, frame):
        return self.value


class Variable(Node):
    """A local variable *depth* frames out, in slot *index*."""

    _immutable_fields_ = ["name", "depth", "index", "place"]

    def __init__(self, name, depth, index, place):
        self.name = name
        self.depth = depth
        self.index = index
        self.place = place

    def evaluate(self, frame):
        value = frame_at(frame, self.depth).slots[self.index]
        if value is UNASSIGNED:
            raise SchemeError("'%s' is used before it has a value" % self.name, self.place)
        return value


class Argument(Node):
    """A variable of the innermost frame that always has a value: a parameter."""

    _immutable_fields_ = ["index"]

    def __init__(self, index):
        self.index = index

    def evaluate(self, frame):
        return frame.slots[self.index]


class GlobalVariable(Node):
    _immutable_fields_ = ["cell", "place"]

    def __init__(self, cell, place):
        self.cell = cell
        self.place = place

    def evaluate(self, frame):
        value = self.cell.value
        if value is UNASSIGNED:
            raise SchemeError("'%s' is not defined" % self.cell.name, self.place)
        return value


@jit.unroll_safe
def frame_at(frame, depth):
    while depth > 0:
        frame = frame.parent
        depth -= 1
    return frame


class SetVariable(Node):
    _immutable_fields_ = ["depth", "index", "value"]

    def __init__(self, depth, index, value):
        self.depth = depth
        self.index = index
        self.value = value

    def evaluate(self, frame):
        frame_at(frame, self.depth).slots[self.index] = self.value.evaluate(frame)
        return UNSPECIFIED


class SetGlobal(Node):
    """``define`` at top level, or ``set!`` of a global, which must have a value already."""

    _immutable_fields_ = ["cell", "value", "is_definition", "place"]

    def __init__(self, cell, value, is_definition, place):
        self.cell = cell
        self.value = value
        self.is_definition = is_definition
        self.place = place

    def evaluate(self, frame):
        value = self.value.evaluate(frame)
        if not self.is_definition and self.cell.value is UNASSIGNED:
            raise SchemeError("cannot set '%s': it is not defined" % self.cell.name, self.place)
        self.cell.value = value
        return UNSPECIFIED


class If(Node):
    _immutable_fields_ = ["condition", "consequent", "alternative"]

    def __init__(self, condition, consequent, alternative):
        self.condition = condition
        self.consequent = consequent
        self.alternative = alternative

    def evaluate(self, frame):
        if self.condition.evaluate(frame) is FALSE:
            return self.alternative.evaluate(frame)
        return self.consequent.evaluate(frame)

    def tail(self, frame):
        if self.condition.evaluate(frame) is FALSE:
            return self.alternative.tail(frame)
        return self.consequent.tail(frame)


class And(Node):
    _immutable_fields_ = ["first", "second"]

    def __init__(self, first, second):
        self.first = first
        self.second = second

    def evaluate(self, frame):
        if self.first.evaluate(frame) is FALSE:
            return FALSE
        return self.second.evaluate(frame)

    def tail(self, frame):
        if self.first.evaluate(frame) is FALSE:
            return FALSE
        return self.second.tail(frame)


class Or(Node):
    _immutable_fields_ = ["first", "second"]

    def __init__(self, first, second):
        self.first = first
        self.second = second

    def evaluate(self, frame):
        value = self.first.evaluate(frame)
        if value is not FALSE:
            return value
        return self.second.evaluate(frame)

    def tail(self, frame):
        value = self.first.evaluate(frame)
        if value is not FALSE:
            return value
        return self.second.tail(frame)


class Sequence(Node):
    _immutable_fields_ = ["nodes[*]", "last"]

    def __init__(self, nodes, last):
        self.nodes = nodes
        self.last = last

    @jit.unroll_safe
    def _leading(self, frame):
        for node in self.nodes:
            node.evaluate(frame)

    def evaluate(self, frame):
        self._leading(frame)
        return self.last.evaluate(frame)

    def tail(self, frame):
        self._leading(frame)
        return self.last.tail(frame)


class Let(Node):
    """Opens a frame of *size* slots; the first ones get the values of *initial*, evaluated outside."""

    _immutable_fields_ = ["initial[*]", "size", "body"]

    def __init__(self, initial, size, body):
        self.initial = initial
        self.size = size
        self.body = body

    @jit.unroll_safe
    def _extend(self, frame):
        slots = [UNASSIGNED] * self.size
        for index in range(len(self.initial)):
            slots[index] = self.initial[index].evaluate(frame)
        return Frame(slots, frame)

    def evaluate(self, frame):
        return self.body.evaluate(self._extend(frame))

    def tail(self, frame):
        return self.body.tail(self._extend(frame))


class Lambda(Node):
    """The code of a procedure: *required* parameters, perhaps a rest list, then internal definitions."""

    _immutable_fields_ = ["name", "required", "has_rest", "size?", "body?", "place"]

    def __init__(self, name, required, has_rest, place):
        self.name = name
        self.required = required
        self.has_rest = has_rest
        self.place = place
        self.size = required + int(has_rest)
        self.body = Literal(UNSPECIFIED)

    def describe(self):
        return self.name + " at " + self.place.describe()

    def evaluate(self, frame):
        return Closure(self, frame)

    def tail(self, frame):
        return Closure(self, frame)


class ProcedureBody(Node):
    """The body of one `Lambda`: the green key under which the JIT compiles it."""

    _immutable_fields_ = ["code", "node"]

    def __init__(self, code, node):
        self.code = code
        self.node = node

    def describe(self):
        return self.code.describe()

    def evaluate(self, frame):
        return self.node.evaluate(frame)

    def tail(self, frame):
        return self.node.tail(frame)


class ToplevelBody(ProcedureBody):
    """An expression outside any procedure, as `run` wants it."""

    def __init__(self, node):
        ProcedureBody.__init__(self, Lambda("toplevel", 0, False, None), node)

    def describe(self):
        return "toplevel"


class Callable(Procedure):
    """A procedure as nodes call it: ``apply`` may give a `PendingCall` back."""

    _attrs_ = []

    def apply(self, arguments):
        raise NotImplementedError


class Closure(Callable):
    _attrs_ = ["code", "frame"]
    _immutable_fields_ = ["code", "frame"]

    def __init__(self, code, frame):
        Callable.__init__(self, code.name)
        self.code = code
        self.frame = frame

    @jit.unroll_safe
    def apply(self, arguments):
        code = jit.promote(self.code)
        count = len(arguments)
        if count < code.required or (count > code.required and not code.has_rest):
            raise SchemeError(
                "%s takes %s%d argument%s, got %d"
                % (
                    self.name,
                    "at least " if code.has_rest else "",
                    code.required,
                    "" if code.required == 1 else "s",
                    count,
                )
            )
        slots = [UNASSIGNED] * code.size
        for index in range(code.required):
            slots[index] = arguments[index]
        if code.has_rest:
            slots[code.required] = list_from(arguments[code.required :])
        return PendingCall(code.body, Frame(slots, self.frame))


class Call(Node):
    _immutable_fields_ = ["head", "arguments[*]", "place"]

    def __init__(self, head, arguments, place):
        self.head = head
        self.arguments = arguments
        self.place = place

    @jit.unroll_safe
    def _start(self, frame):
        procedure = self.head.evaluate(frame)
        arguments = [UNASSIGNED] * len(self.arguments)
        for index in range(len(self.arguments)):
            arguments[index] = self.arguments[index].evaluate(frame)
        try:
            if not isinstance(procedure, Callable):
                raise SchemeError("this is no procedure and cannot be called: " + written(procedure))
            return procedure.apply(arguments)
        except SchemeError as error:
            if error.place is None:
                error.place = self.place
            raise

    def evaluate(self, frame):
        return finish(self._start(frame))

    def tail(self, frame):
        return self._start(frame)
