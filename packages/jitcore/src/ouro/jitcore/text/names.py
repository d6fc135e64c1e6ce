"""The names that text has for what it cannot spell: descriptors, addresses and objects."""

from __future__ import annotations

import re

from ouro.jitcore.descriptors import Descriptor

#: What a name may not be: it would read as a value or a constant.
RESERVED = re.compile(r"[irf]\d+|-?(inf|nan)|nan:.*|null|_")
DESCRIPTOR_NAME = re.compile(r"[A-Za-z_](?:[^\s\[\](){}=,#]|\[\])*")
NO_NAME = re.compile(r"[\s(){}=,#]|\[(?!\])|(?<!\[)\]")
PLAIN_NAME = re.compile(r"[A-Za-z_][\w.]*")


class Names:
    """Two-way tables. What is printed without having a name gets one, so that the text can be parsed again.

    Attributes:
        descriptors: name to descriptor.
        integers: name to machine word; text writes `@name`. For addresses of functions and classes.
        references: name to GC reference; text writes `$name`.
    """

    def __init__(self) -> None:
        self.descriptors: dict[str, Descriptor] = {}
        self.integers: dict[str, int] = {}
        self.references: dict[str, object] = {}
        self._of_descriptor: dict[Descriptor, str] = {}
        self._of_integer: dict[int, str] = {}
        self._of_reference: dict[object, str] = {}

    def add_descriptor(self, descriptor: Descriptor, name: str | None = None) -> str:
        """Name a descriptor, after itself unless `name` is given.

        Raises:
            ValueError: the name is taken or reads as something else.
        """
        if name is None:
            name = self._free(NO_NAME.sub("_", descriptor.name), self.descriptors)
        self._check(name, DESCRIPTOR_NAME, self.descriptors)
        self.descriptors[name] = descriptor
        self._of_descriptor[descriptor] = name
        return name

    def add_integer(self, name: str, value: int) -> None:
        """Name an address. Raises ValueError as `add_descriptor`."""
        self._check(name, PLAIN_NAME, self.integers)
        self.integers[name] = value
        self._of_integer[value] = name

    def add_reference(self, name: str, value: object) -> None:
        """Name an object. Raises ValueError as `add_descriptor`."""
        self._check(name, PLAIN_NAME, self.references)
        self.references[name] = value
        self._of_reference[value] = name

    def of_descriptor(self, descriptor: Descriptor) -> str:
        """The name of a descriptor."""
        return self._of_descriptor.get(descriptor) or self.add_descriptor(descriptor)

    def of_integer(self, value: int) -> str | None:
        """The name of a machine word, None for a plain number."""
        return self._of_integer.get(value)

    def of_reference(self, value: object) -> str:
        """The name of an object."""
        name = self._of_reference.get(value)
        if name is None:
            name = self._free("object", self.references)
            self.add_reference(name, value)
        return name

    @staticmethod
    def _free(name: str, table: dict) -> str:
        if not DESCRIPTOR_NAME.fullmatch(name) or RESERVED.fullmatch(name):
            name = "_" + name
        free, number = name, 1
        while free in table:
            number += 1
            free = f"{name}.{number}"
        return free

    @staticmethod
    def _check(name: str, pattern: re.Pattern[str], table: dict) -> None:
        if not pattern.fullmatch(name) or RESERVED.fullmatch(name):
            raise ValueError(f"{name!r} cannot be a name in a trace")
        if name in table:
            raise ValueError(f"the name {name!r} is taken")
