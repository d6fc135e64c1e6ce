"""Which code depends on which quasi-immutable field of which object."""

from ouro.lltype import identityhash
from ouro.rlib.objectmodel import r_dict


def _same(first, second):
    return first == second


def _hash(reference):
    return identityhash(reference)


class Watchers:
    """The tokens whose code depends on one field of one object. They have it in `LoopToken.watchers`, so that what is
    freed is found without a look at what stays.
    """

    def __init__(self, reference, index):
        self.reference = reference
        self.index = index
        self.tokens = []
        self.cleaned = 0


class Dependencies:
    """For each field, by its index, the `Watchers` by object."""

    def __init__(self):
        self._of_field = {}
        self._cleanings = 0

    def add(self, reference, index, token):
        """The code of a token depends on a field of an object."""
        objects = self._of_field.get(index, None)
        if objects is None:
            objects = r_dict(_same, _hash)
            self._of_field[index] = objects
        watchers = objects.get(reference, None)
        if watchers is None:
            watchers = Watchers(reference, index)
            objects[reference] = watchers
        tokens = watchers.tokens
        if len(tokens) == 0 or tokens[len(tokens) - 1] is not token:
            tokens.append(token)
            token.watchers.append(watchers)

    def take(self, reference, index):
        """The tokens whose code depends on a field of an object, or None; they do not any more. A token may be there
        more than once.
        """
        objects = self._of_field.get(index, None)
        if objects is None:
            return None
        watchers = objects.get(reference, None)
        if watchers is None:
            return None
        del objects[reference]
        return watchers.tokens

    def forget(self, freed):
        """Some tokens are gone: a list of them, which `LoopToken.is_known` says no more of."""
        self._cleanings += 1
        for token in freed:
            for watchers in token.watchers:
                if watchers.cleaned != self._cleanings:
                    watchers.cleaned = self._cleanings
                    self._clean(watchers)
            token.watchers = []

    def _clean(self, watchers):
        watchers.tokens = [token for token in watchers.tokens if token.is_known]
        if len(watchers.tokens) == 0:
            objects = self._of_field[watchers.index]
            if objects.get(watchers.reference, None) is watchers:
                del objects[watchers.reference]

    def count(self):
        """How many objects have a field that some code depends on."""
        total = 0
        for index in self._of_field:
            total += len(self._of_field[index])
        return total
