"""The tables of a code object under construction: constants and names, each with an index that finds entries
again."""


class ConstantTable:
    """`items` in order of first use; equal constants share an entry."""

    def __init__(self):
        self.items = []
        self.index = {}

    def add(self, constant):
        """The position of the constant, added if need be."""
        key = constant.hash_key()
        position = self.index.get(key, -1)
        if position < 0:
            self.index[key] = len(self.items)
            return self.append(constant)
        if self.items[position].same_constant(constant):
            return position
        for i in range(position + 1, len(self.items)):
            if self.items[i].same_constant(constant):
                return i
        return self.append(constant)

    def append(self, constant):
        """Add the constant even if there is an equal one."""
        self.items.append(constant)
        return len(self.items) - 1


class NameTable:
    """`names` in order of first use."""

    def __init__(self, names):
        self.names = []
        self.index = {}
        for name in names:
            self.add(name)

    def add(self, name):
        """The position of the name, added if need be."""
        position = self.index.get(name, -1)
        if position < 0:
            position = len(self.names)
            self.index[name] = position
            self.names.append(name)
        return position

    def find(self, name):
        """The position of the name, or -1."""
        return self.index.get(name, -1)
