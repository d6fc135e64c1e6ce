# Global names and builtins while namespaces change: bound once, again, deleted, and given keys that are no names.
def count():
    return len([1, 2])


def read():
    return name


def tries(function):
    try:
        return function()
    except NameError as error:
        return str(error)


print tries(read)
name = 1
print tries(read), [tries(read) for i in range(3)]
name = 2
print tries(read)
del name
print tries(read)
name = 3
print tries(read), count()
len = lambda items: 'ours'
print count()
del len
print count()

# a key that is no str: the namespace is an ordinary dictionary from here on
globals()[5] = 1
print count(), tries(read)
globals()['len'] = lambda items: 'hidden'
print count()
del globals()['len']
print count()
name = 4
print tries(read)

for i in range(2000):
    name = i
    if i % 500 == 0:
        print tries(read),
print

space = {'start': 1}
exec '''
def outside():
    total = start
    for i in range(1500):
        total += start
        if i == 1000:
            change()
    return total
''' in space


def change():
    space['start'] = 10


space['change'] = change
print space['outside']()

import types
module = types.ModuleType('made')
module.value = 1


def attribute():
    total = 0
    for i in range(3000):
        total += module.value
        if i == 2000:
            module.value = 5
        if i == 2500:
            module.__dict__[3] = 4
            module.value = 7
    return total


print attribute()
