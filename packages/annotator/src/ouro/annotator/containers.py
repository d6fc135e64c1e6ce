"""What is shared by all references to a list, a dict, a set: their growing definitions.

A `Cell` holds one annotation that grows (a list's item, an attribute, a function's result) and the blocks
that read it, which are analysed again when it grows. Two lists that meet in one variable must have one
representation, so joining them *unites* their definitions: one forwards to the other from then on, union-find
fashion. Always go through `root()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field
from ouro.annotator.annotations import IMPOSSIBLE, Annotation

if TYPE_CHECKING:
    from ouro.annotator._sites import Site
    from ouro.annotator.descriptions import ClassDescription


@define(eq=False)
class Cell:
    """An annotation that grows, and who depends on it.

    `readers`: blocks to analyse again when it grows. `origin`: the place that the first value came from,
    for messages.
    """

    annotation: Annotation = IMPOSSIBLE
    readers: dict[Any, int] = field(factory=dict)
    origin: Site | None = None
    forward: Cell | None = None

    def root(self) -> Cell:
        """The cell that stands for this one and all that were united with it."""
        cell = self
        while cell.forward is not None:
            cell = cell.forward
        return cell


@define(eq=False)
class ListDefinition:
    """One kind of list: all the lists that meet each other in the program.

    `resized`: some operation changes the length. `slice_assigned`: slices are assigned, which may change the length.
    `mutated`: items are assigned. `must_not_resize`: the author declared it (`make_sure_not_resized`,
    `_immutable_fields_ = ["items[*]"]`): the place, or the class. `range_step`: the list is a `range` that nothing
    mutates: its step, 0 for one that is not constant; None for ordinary lists. `hinted`: allocated by
    `newlist_hint`.
    """

    item: Cell = field(factory=Cell)
    resized: bool = False
    resized_from: Site | None = None
    slice_assigned: bool = False
    mutated: bool = False
    must_not_resize: Site | ClassDescription | None = None
    must_not_mutate: Site | None = None
    range_step: int | None = None
    hinted: bool = False
    origin: Site | None = None
    forward: ListDefinition | None = None

    @property
    def is_resizable(self) -> bool:
        """Whether the list needs over-allocated storage of its own, known when all of the program is.

        The slice of a list that the author declared as never resized is assigned as many items as it has, which is
        checked when the program runs.
        """
        return self.resized or (self.slice_assigned and self.must_not_resize is None)

    def root(self) -> ListDefinition:
        definition = self
        while definition.forward is not None:
            definition = definition.forward
        return definition


@define(eq=False)
class DictDefinition:
    """One kind of dict. `equality` and `hashing` are set for `r_dict`: cells with the annotations of its
    functions.

    `force_non_null`: no key is None, said by the author. `simple_hash_eq`: the functions cannot raise nor
    touch the dict.
    """

    key: Cell = field(factory=Cell)
    value: Cell = field(factory=Cell)
    equality: Cell | None = None
    hashing: Cell | None = None
    force_non_null: bool = False
    simple_hash_eq: bool = False
    origin: Site | None = None
    forward: DictDefinition | None = None

    @property
    def is_custom(self) -> bool:
        """Whether this is an `r_dict`."""
        return self.equality is not None

    def root(self) -> DictDefinition:
        definition = self
        while definition.forward is not None:
            definition = definition.forward
        return definition


@define(eq=False)
class SetDefinition:
    """One kind of set."""

    item: Cell = field(factory=Cell)
    origin: Site | None = None
    forward: SetDefinition | None = None

    def root(self) -> SetDefinition:
        definition = self
        while definition.forward is not None:
            definition = definition.forward
        return definition
