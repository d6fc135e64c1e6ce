# An incremental constraint solver after the DeltaBlue algorithm (Freeman-Benson, Maloney, Borning, 1990): a
# deep class hierarchy, polymorphic calls, lists of objects.
from harness import run

REQUIRED, STRONG_PREFERRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAK_DEFAULT, WEAKEST = range(7)
NONE, FORWARD, BACKWARD = range(3)


class Variable(object):

    def __init__(self, value):
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.strength = WEAKEST
        self.stay = True


class Constraint(object):

    def __init__(self, planner, strength):
        self.planner = planner
        self.strength = strength

    def add(self):
        self.attach()
        self.planner.incremental_add(self)

    def destroy(self):
        if self.satisfied():
            self.planner.incremental_remove(self)
        else:
            self.detach()

    def is_input(self):
        return False

    def satisfy(self, mark):
        self.choose_method(mark)
        if not self.satisfied():
            if self.strength == REQUIRED:
                raise ValueError('a required constraint cannot be satisfied')
            return None
        self.mark_inputs(mark)
        out = self.output()
        overridden = out.determined_by
        if overridden is not None:
            overridden.unsatisfy()
        out.determined_by = self
        if not self.planner.propagate(self, mark):
            raise ValueError('the constraints form a cycle')
        out.mark = mark
        return overridden


class Unary(Constraint):

    def __init__(self, planner, variable, strength):
        Constraint.__init__(self, planner, strength)
        self.variable = variable
        self.is_satisfied = False
        self.add()

    def attach(self):
        self.variable.constraints.append(self)
        self.is_satisfied = False

    def detach(self):
        self.variable.constraints.remove(self)
        self.is_satisfied = False

    def choose_method(self, mark):
        self.is_satisfied = self.variable.mark != mark and self.strength < self.variable.strength

    def satisfied(self):
        return self.is_satisfied

    def unsatisfy(self):
        self.is_satisfied = False

    def mark_inputs(self, mark):
        pass

    def inputs_known(self, mark):
        return True

    def output(self):
        return self.variable

    def recalculate(self):
        self.variable.strength = self.strength
        self.variable.stay = not self.is_input()
        if self.variable.stay:
            self.execute()


class Stay(Unary):

    def execute(self):
        pass


class Edit(Unary):

    def is_input(self):
        return True

    def execute(self):
        pass


class Binary(Constraint):

    def __init__(self, planner, first, second, strength):
        Constraint.__init__(self, planner, strength)
        self.first = first
        self.second = second
        self.direction = NONE
        self.add()

    def attach(self):
        self.first.constraints.append(self)
        self.second.constraints.append(self)
        self.direction = NONE

    def detach(self):
        self.first.constraints.remove(self)
        self.second.constraints.remove(self)
        self.direction = NONE

    def choose_method(self, mark):
        first, second = self.first, self.second
        if first.mark == mark:
            good = second.mark != mark and self.strength < second.strength
            self.direction = FORWARD if good else NONE
        elif second.mark == mark:
            good = first.mark != mark and self.strength < first.strength
            self.direction = BACKWARD if good else NONE
        elif first.strength > second.strength:
            self.direction = BACKWARD if self.strength < first.strength else NONE
        else:
            self.direction = FORWARD if self.strength < second.strength else NONE

    def satisfied(self):
        return self.direction != NONE

    def unsatisfy(self):
        self.direction = NONE

    def mark_inputs(self, mark):
        self.input().mark = mark

    def inputs_known(self, mark):
        source = self.input()
        return source.mark == mark or source.stay or source.determined_by is None

    def input(self):
        return self.first if self.direction == FORWARD else self.second

    def output(self):
        return self.second if self.direction == FORWARD else self.first

    def recalculate(self):
        source, out = self.input(), self.output()
        out.strength = max(self.strength, source.strength)
        out.stay = source.stay
        if out.stay:
            self.execute()


class Equal(Binary):

    def execute(self):
        self.output().value = self.input().value


class Scale(Binary):

    def __init__(self, planner, first, factor, offset, second, strength):
        self.factor = factor
        self.offset = offset
        Binary.__init__(self, planner, first, second, strength)

    def attach(self):
        Binary.attach(self)
        self.factor.constraints.append(self)
        self.offset.constraints.append(self)

    def detach(self):
        Binary.detach(self)
        self.factor.constraints.remove(self)
        self.offset.constraints.remove(self)

    def mark_inputs(self, mark):
        Binary.mark_inputs(self, mark)
        self.factor.mark = mark
        self.offset.mark = mark

    def execute(self):
        if self.direction == FORWARD:
            self.second.value = self.first.value * self.factor.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.factor.value

    def recalculate(self):
        source, out = self.input(), self.output()
        out.strength = max(self.strength, source.strength)
        out.stay = source.stay and self.factor.stay and self.offset.stay
        if out.stay:
            self.execute()


class Planner(object):

    def __init__(self):
        self.last_mark = 0

    def new_mark(self):
        self.last_mark += 1
        return self.last_mark

    def incremental_add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark)
        while overridden is not None:
            overridden = overridden.satisfy(mark)

    def incremental_remove(self, constraint):
        out = constraint.output()
        constraint.unsatisfy()
        constraint.detach()
        unsatisfied = self.remove_from(out)
        for strength in range(REQUIRED, WEAKEST + 1):
            for other in unsatisfied:
                if other.strength == strength:
                    self.incremental_add(other)

    def remove_from(self, out):
        out.determined_by = None
        out.strength = WEAKEST
        out.stay = True
        unsatisfied = []
        todo = [out]
        while todo:
            variable = todo.pop()
            for constraint in variable.constraints:
                if not constraint.satisfied():
                    unsatisfied.append(constraint)
            determining = variable.determined_by
            for constraint in variable.constraints:
                if constraint is not determining and constraint.satisfied():
                    constraint.recalculate()
                    todo.append(constraint.output())
        return unsatisfied

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            current = todo.pop()
            if current.output().mark == mark:
                self.incremental_remove(constraint)
                return False
            current.recalculate()
            self.add_consumers(current.output(), todo)
        return True

    def add_consumers(self, variable, todo):
        determining = variable.determined_by
        for constraint in variable.constraints:
            if constraint is not determining and constraint.satisfied():
                todo.append(constraint)

    def plan_from(self, sources):
        mark = self.new_mark()
        plan = []
        todo = list(sources)
        while todo:
            constraint = todo.pop()
            out = constraint.output()
            if out.mark != mark and constraint.inputs_known(mark):
                plan.append(constraint)
                out.mark = mark
                self.add_consumers(out, todo)
        return plan

    def change(self, variable, values):
        edit = Edit(self, variable, PREFERRED)
        plan = self.plan_from([edit] if edit.satisfied() else [])
        for value in values:
            variable.value = value
            for constraint in plan:
                constraint.execute()
        edit.destroy()


def chain(length):
    planner = Planner()
    variables = [Variable(0) for _ in xrange(length + 1)]
    for i in xrange(length):
        Equal(planner, variables[i], variables[i + 1], REQUIRED)
    Stay(planner, variables[-1], STRONG_DEFAULT)
    total = 0
    edit = Edit(planner, variables[0], PREFERRED)
    plan = planner.plan_from([edit])
    for value in xrange(100):
        variables[0].value = value
        for constraint in plan:
            constraint.execute()
        total += variables[-1].value
    edit.destroy()
    return total


def projection(size):
    planner = Planner()
    factor, offset = Variable(10), Variable(1000)
    sources, results = [], []
    for i in xrange(size):
        source, result = Variable(i), Variable(i)
        sources.append(source)
        results.append(result)
        Stay(planner, source, NORMAL)
        Scale(planner, source, factor, offset, result, REQUIRED)
    planner.change(sources[-1], [17])
    first = results[-1].value
    planner.change(results[-1], [1050])
    second = sources[-1].value
    planner.change(factor, [5])
    third = sum([result.value for result in results])
    planner.change(offset, [2000])
    return first, second, third, sum([result.value for result in results])


def iteration():
    for _ in xrange(12):
        result = chain(400), projection(400)
    return result


if __name__ == '__main__':
    run(iteration)
