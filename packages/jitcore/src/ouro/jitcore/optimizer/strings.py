"""Strings: concatenations, slices and single characters stay virtual, their lengths and characters are known.

What copies from a virtual string copies from where its characters come from, so that a string that is built by many
concatenations is copied together once, where it is needed, and one of which only a character is looked at never. A
string of known characters is made once, while optimising.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, CallDescriptor
from ouro.jitcore.descriptors.calls import SPECIAL_SHRINK_STRING, SPECIAL_STRING_EQUAL
from ouro.jitcore.optimizer.allocation import constant_index, virtual_at
from ouro.jitcore.optimizer.integers import as_loaded, fitted
from ouro.jitcore.optimizer.objects import is_array, is_null
from ouro.jitcore.optimizer.texts import LONGEST_CONSTANT, Piece, Text, emit_copy
from ouro.jitcore.optimizer.verdicts import DONE, KEEP
from ouro.jitcore.optimizer.work import NONNULL
from ouro.jitcore.trace import NOTHING, is_constant

#: A string of more pieces is made.
MOST_PIECES = 64


def text_at(optimizer, reference):
    """The description of a virtual string, None for any other value."""
    virtual = virtual_at(optimizer, reference)
    if isinstance(virtual, Text):
        return virtual
    return None


def array_of(optimizer, number):
    """The descriptor of the type of string."""
    array = optimizer.work.descriptors[number]
    assert isinstance(array, ArrayDescriptor)
    return array


def optimize_newstr(optimizer, number):
    work = optimizer.work
    text = Text(array_of(optimizer, number), work.first[number], optimizer.zero_int)
    work.virtuals[number] = text
    work.facts[number] |= NONNULL
    if text.constant_length(optimizer) != 0:
        optimizer.unfinished_texts.append(number)
    return DONE


def add_lengths(optimizer, first, second):
    """The sum of two references to numbers."""
    return optimizer.make(ops.INT_ADD, first, second)


def optimize_strsetitem(optimizer, number):
    work = optimizer.work
    text = text_at(optimizer, work.first[number])
    if text is None:
        return KEEP
    index, character = work.second[number], work.third[number]
    if is_constant(character):
        character = fitted(optimizer, character, int(text.array.item_size), text.array.signed)
    if index != work.resolve(text.end):
        return _overwrite(optimizer, text, index, character)
    if len(text.pieces) >= MOST_PIECES and not is_constant(text.length):
        return KEEP
    piece = Piece(index, character, NOTHING, NOTHING, NOTHING)
    text.add(piece, add_lengths(optimizer, index, optimizer.constants.of_int(1)))
    return DONE


def _overwrite(optimizer, text, index, character):
    for piece in text.pieces:
        if piece.character == NOTHING:
            return KEEP
        if optimizer.work.resolve(piece.start) == index:
            piece.character = character
            return DONE
    return KEEP


def optimize_copystrcontent(optimizer, number):
    work = optimizer.work
    array = array_of(optimizer, number)
    source, target, source_start, target_start, length = work.operand_list(number)
    if length == optimizer.zero_int:
        return DONE
    text = text_at(optimizer, target)
    copied = text_at(optimizer, source)
    if copied is not None and not copied.is_complete(optimizer):
        return KEEP
    pieces = pieces_of(optimizer, source, source_start, length, array)
    if text is None:
        if pieces is None or len(pieces) > 4:
            return KEEP
        _copy_pieces(optimizer, pieces, target, target_start, array)
        return DONE
    if target_start != work.resolve(text.end) or len(text.pieces) >= MOST_PIECES:
        return KEEP
    if pieces is None:
        text.add(Piece(target_start, NOTHING, source, source_start, length),
                 add_lengths(optimizer, target_start, length))
        return DONE
    for piece in pieces:
        start = work.resolve(text.end)
        size = optimizer.constants.of_int(1) if piece.character != NOTHING else piece.length
        text.add(Piece(start, piece.character, piece.source, piece.source_start, piece.length),
                 add_lengths(optimizer, start, size))
    return DONE


def _copy_pieces(optimizer, pieces, target, target_start, array):
    """Copy into a string that is made, from where the characters are."""
    start = target_start
    for piece in pieces:
        if piece.character != NOTHING:
            optimizer.make(ops.STRSETITEM, target, start, piece.character, array)
            start = add_lengths(optimizer, start, optimizer.constants.of_int(1))
        else:
            emit_copy(optimizer, piece.source, target, piece.source_start, start, piece.length, array)
            start = add_lengths(optimizer, start, piece.length)


def pieces_of(optimizer, source, start, length, array):
    """The pieces of a part of a string, None where it is best to take the part of the string itself."""
    work = optimizer.work
    if is_constant(source):
        return _constant_characters(optimizer, source, start, length, array)
    text = text_at(optimizer, source)
    if text is None:
        return None
    if start == optimizer.zero_int and length == work.resolve(text.length):
        return text.pieces
    if len(text.pieces) == 1 and text.pieces[0].character == NOTHING:
        piece = text.pieces[0]
        return [Piece(NOTHING, NOTHING, piece.source, add_lengths(optimizer, piece.source_start, start), length)]
    if text.is_run():
        first = constant_index(optimizer, start, len(text.pieces))
        count = constant_index(optimizer, length, len(text.pieces) + 1)
        if first >= 0 and count >= 0:
            return text.pieces[first:first + count]
    return None


def _constant_characters(optimizer, source, start, length, array):
    """The characters of a short part of a constant string."""
    first = constant_index(optimizer, start, LONGEST_CONSTANT)
    count = constant_index(optimizer, length, 3)
    value = optimizer.constants.reference_of(source)
    if first < 0 or count < 0 or not is_array(optimizer, value, array):
        return None
    machine = optimizer.environment.machine
    if first + count > machine.array_length(value, array):
        return None
    pieces = []
    for index in range(first, first + count):
        character = optimizer.constants.of_int(machine.get_item_int(value, index, array))
        pieces.append(Piece(NOTHING, character, NOTHING, NOTHING, NOTHING))
    return pieces


def optimize_strlen(optimizer, number):
    work = optimizer.work
    text = text_at(optimizer, work.first[number])
    if text is None:
        return KEEP
    work.forward(number, work.resolve(text.length))
    return DONE


def optimize_strgetitem(optimizer, number):
    work = optimizer.work
    text = text_at(optimizer, work.first[number])
    if text is None:
        return KEEP
    index = work.second[number]
    if len(text.pieces) == 1 and text.pieces[0].character == NOTHING:
        piece = text.pieces[0]
        position = add_lengths(optimizer, piece.source_start, index)
        return _get_from(optimizer, number, piece.source, position)
    if not is_constant(index):
        return KEEP
    wanted = optimizer.constants.int_of(index)
    for piece in text.pieces:
        start = work.resolve(piece.start)
        if not is_constant(start):
            return KEEP
        offset = wanted - optimizer.constants.int_of(start)
        if piece.character != NOTHING:
            if offset == 0:
                work.forward(number, as_loaded(optimizer, number, work.resolve(piece.character)))
                return DONE
            continue
        length = work.resolve(piece.length)
        if not is_constant(length):
            return KEEP
        if 0 <= offset < optimizer.constants.int_of(length):
            position = add_lengths(optimizer, piece.source_start, optimizer.constants.of_int(offset))
            return _get_from(optimizer, number, piece.source, position)
    return KEEP


def _get_from(optimizer, number, source, position):
    """The character is one of another string."""
    work = optimizer.work
    array = work.descriptors[number]
    work.forward(number, optimizer.make(ops.STRGETITEM, source, position, NOTHING, array))
    return DONE


def optimize_hash_store(optimizer, number):
    """A new string has no hash yet: saying so is not needed."""
    work = optimizer.work
    if text_at(optimizer, work.first[number]) is not None and optimizer.is_zero(work.second[number]):
        return DONE
    return KEEP


def optimize_hash_load(optimizer, number):
    work = optimizer.work
    if text_at(optimizer, work.first[number]) is not None:
        work.forward(number, optimizer.zero_int)
        return DONE
    return KEEP


# ---- comparisons


def optimize_equal(optimizer, number):
    """A call that compares the contents of two strings."""
    work = optimizer.work
    callee = work.descriptors[number]
    assert isinstance(callee, CallDescriptor)
    if callee.effect.special != SPECIAL_STRING_EQUAL:
        return KEEP
    first, second = work.operand(number, 1), work.operand(number, 2)
    result = compare(optimizer, first, second)
    if result < 0:
        return KEEP
    optimizer.calls.drop()
    work.forward(number, optimizer.constants.of_int(result))
    return DONE


def compare(optimizer, first, second):
    """1 for strings that are the same, 0 for those that are not, -1 where that is not known."""
    if first == second:
        return 1
    if is_null(optimizer, first) or is_null(optimizer, second):
        if is_constant(first) and is_constant(second):
            return 0
        other = second if is_null(optimizer, first) else first
        return 0 if other >= 0 and optimizer.work.facts[other] & NONNULL else -1
    text = text_at(optimizer, first)
    if text is None:
        text = text_at(optimizer, second)
    if text is None:
        return -1
    one = known_characters(optimizer, first, text.array)
    other = known_characters(optimizer, second, text.array)
    length, other_length = known_length(optimizer, first, one), known_length(optimizer, second, other)
    if length >= 0 and other_length >= 0 and length != other_length:
        return 0
    if one is None or other is None:
        return -1
    certain = True
    for position in range(len(one)):
        if one[position] != other[position]:
            if is_constant(one[position]) and is_constant(other[position]):
                return 0
            certain = False
    return 1 if certain else -1


def known_length(optimizer, reference, characters):
    """The number of characters of a string, -1 where it is not known."""
    if characters is not None:
        return len(characters)
    text = text_at(optimizer, reference)
    if text is None:
        return -1
    return text.constant_length(optimizer)


def known_characters(optimizer, reference, array):
    """The references of the characters of a short string, None where they are not known."""
    text = text_at(optimizer, reference)
    if text is not None:
        if not text.is_run() or not text.is_complete(optimizer):
            return None
        return [optimizer.work.resolve(piece.character) for piece in text.pieces]
    if not is_constant(reference):
        return None
    value = optimizer.constants.reference_of(reference)
    if not is_array(optimizer, value, array):
        return None
    machine = optimizer.environment.machine
    length = machine.array_length(value, array)
    if length > LONGEST_CONSTANT:
        return None
    characters = []
    for index in range(length):
        characters.append(optimizer.constants.of_int(machine.get_item_int(value, index, array)))
    return characters


def optimize_shrink(optimizer, number):
    """A call that gives the first characters of a string, which is not used any more: the buffer of a builder."""
    work = optimizer.work
    callee = work.descriptors[number]
    assert isinstance(callee, CallDescriptor)
    if callee.effect.special != SPECIAL_SHRINK_STRING:
        return KEEP
    text = text_at(optimizer, work.operand(number, 1))
    if text is None or work.resolve(text.end) != work.operand(number, 2):
        return KEEP
    text.length = text.end
    optimizer.calls.drop()
    work.forward(number, work.operand(number, 1))
    return DONE


def settle_unfinished(optimizer):
    """Make the strings that are being filled and that resume data could not describe as they are."""
    unfinished = []
    for number in optimizer.unfinished_texts:
        text = text_at(optimizer, number)
        if text is not None and not text.is_complete(optimizer):
            if text.can_describe(optimizer):
                unfinished.append(number)
            else:
                optimizer.force(number)
    optimizer.unfinished_texts = unfinished


def make_constant(optimizer, number):
    """Make a virtual string of constant characters now; False if it is none."""
    work = optimizer.work
    text = work.virtuals[number]
    if not isinstance(text, Text) or not text.is_run() or not text.is_complete(optimizer):
        return False
    if len(text.pieces) > LONGEST_CONSTANT:
        return False
    for piece in text.pieces:
        if not is_constant(work.resolve(piece.character)):
            return False
    machine = optimizer.environment.machine
    value = machine.new_array(text.array, len(text.pieces), True)
    for index in range(len(text.pieces)):
        character = optimizer.constants.int_of(work.resolve(text.pieces[index].character))
        machine.set_item_int(value, index, character, text.array)
    work.virtuals[number] = None
    work.forward(number, optimizer.constants.of_reference(value))
    return True


HANDLERS = {
    ops.NEWSTR: optimize_newstr,
    ops.STRSETITEM: optimize_strsetitem,
    ops.COPYSTRCONTENT: optimize_copystrcontent,
    ops.STRLEN: optimize_strlen,
    ops.STRGETITEM: optimize_strgetitem,
    ops.SETFIELD_GC: optimize_hash_store,
    ops.GETFIELD_GC_I: optimize_hash_load,
    ops.CALL_I: optimize_equal,
    ops.CALL_PURE_I: optimize_equal,
    ops.CALL_R: optimize_shrink,
}
