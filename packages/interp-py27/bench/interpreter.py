# An interpreter for a small language: text to tokens, a tree of objects, and evaluation by methods.
from harness import run

PROGRAM = '''
n = 0 ; total = 0
while n < 3000 { n = n + 1 ; if n % 3 == 0 { total = total + n * n } else { total = total - n } }
a = 0 ; b = 1 ; i = 0
while i < 500 { t = a + b ; a = b ; b = t % 1000003 ; i = i + 1 }
'''
LEVELS = [('==', '<'), ('+', '-'), ('*', '%')]


class Number(object):
    def __init__(self, value):
        self.value = value

    def evaluate(self, names):
        return self.value


class Name(object):
    def __init__(self, name):
        self.name = name

    def evaluate(self, names):
        return names[self.name]


class Binary(object):
    def __init__(self, left, right):
        self.left = left
        self.right = right


class Add(Binary):
    def evaluate(self, names):
        return self.left.evaluate(names) + self.right.evaluate(names)


class Subtract(Binary):
    def evaluate(self, names):
        return self.left.evaluate(names) - self.right.evaluate(names)


class Multiply(Binary):
    def evaluate(self, names):
        return self.left.evaluate(names) * self.right.evaluate(names)


class Remainder(Binary):
    def evaluate(self, names):
        return self.left.evaluate(names) % self.right.evaluate(names)


class Equal(Binary):
    def evaluate(self, names):
        return self.left.evaluate(names) == self.right.evaluate(names)


class Less(Binary):
    def evaluate(self, names):
        return self.left.evaluate(names) < self.right.evaluate(names)


OPERATORS = {'+': Add, '-': Subtract, '*': Multiply, '%': Remainder, '==': Equal, '<': Less}


class Assign(object):
    def __init__(self, name, value):
        self.name = name
        self.value = value

    def execute(self, names):
        names[self.name] = self.value.evaluate(names)


class While(object):
    def __init__(self, condition, body):
        self.condition = condition
        self.body = body

    def execute(self, names):
        while self.condition.evaluate(names):
            for statement in self.body:
                statement.execute(names)


class If(object):
    def __init__(self, condition, then, other):
        self.condition = condition
        self.then = then
        self.other = other

    def execute(self, names):
        for statement in self.then if self.condition.evaluate(names) else self.other:
            statement.execute(names)


class Parser(object):
    def __init__(self, text):
        self.tokens = text.split()
        self.position = 0

    def peek(self):
        return self.tokens[self.position] if self.position < len(self.tokens) else ''

    def take(self):
        token = self.peek()
        self.position += 1
        return token

    def block(self, end):
        statements = []
        while self.peek() != end:
            if self.peek() == ';':
                self.take()
            else:
                statements.append(self.statement())
        self.take()
        return statements

    def braces(self):
        self.take()
        return self.block('}')

    def statement(self):
        word = self.take()
        if word == 'while':
            return While(self.expression(0), self.braces())
        if word == 'if':
            condition, then, other = self.expression(0), self.braces(), []
            if self.peek() == 'else':
                self.take()
                other = self.braces()
            return If(condition, then, other)
        self.take()
        return Assign(word, self.expression(0))

    def expression(self, level):
        if level == len(LEVELS):
            token = self.take()
            return Number(int(token)) if token.isdigit() else Name(token)
        left = self.expression(level + 1)
        while self.peek() in LEVELS[level]:
            left = OPERATORS[self.take()](left, self.expression(level + 1))
        return left


def iteration():
    for _ in xrange(60):
        names = {}
        for statement in Parser(PROGRAM).block(''):
            statement.execute(names)
    return sorted(names.items())


if __name__ == '__main__':
    run(iteration)
