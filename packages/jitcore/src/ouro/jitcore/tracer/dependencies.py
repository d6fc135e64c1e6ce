"""Which code depends on which quasi-immutable field of which object."""

from ouro.lltype import identityhash
from ouro.rlib.objectmodel import r_dict


def _same(first, second):
    return first == second


def _hash(reference):
    return identityhash(reference)


class Dependencies:
    """For each field, by its index, the tokens by object."""

    def __init__(self):
        self._of_field = {}

    def add(self, reference, index, token):
        """The code of a token depends on a field of an object."""
        objects = self._of_field.get(index, None)
        if objects is None:
            objects = r_dict(_same, _hash)
            self._of_field[index] = objects
        tokens = objects.get(reference, None)
        if tokens is None:
            objects[reference] = [token]
        elif token not in tokens:
            tokens.append(token)

    def take(self, reference, index):
        """The tokens whose code depends on a field of an object, or None; they do not any more."""
        objects = self._of_field.get(index, None)
        if objects is None:
            return None
        tokens = objects.get(reference, None)
        if tokens is not None:
            del objects[reference]
        return tokens

    def forget(self, freed):
        """Some tokens are gone: a dictionary with them as keys."""
        for index in self._of_field:
            objects = self._of_field[index]
            empty = []
            for reference in objects:
                kept = [token for token in objects[reference] if token not in freed]
                objects[reference] = kept
                if len(kept) == 0:
                    empty.append(reference)
            for reference in empty:
                del objects[reference]

    def count(self):
        """How many objects have a field that some code depends on."""
        total = 0
        for index in self._of_field:
            total += len(self._of_field[index])
        return total
