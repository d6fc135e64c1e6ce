"""Words outside of the heap, at constant addresses: loaded once between two calls.

Such a word is what an interpreter asks whether someone wants to interrupt it, behind each function of its own and each
jump backward. Others write it: handlers of signals at any time, which compiled code may notice a little later, and
threads while a call has released the lock. So what is known of a word ends with each call that is not elidable, and
with the iteration: nothing of it is carried around a loop.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, CallDescriptor
from ouro.jitcore.optimizer.verdicts import DONE, KEEP
from ouro.jitcore.trace import NOTHING, is_constant

WORD_SIZE = 8


def _address_of_word(optimizer, number):
    """The constant address of the word that an access is to; 0 if it is to anything else."""
    work = optimizer.work
    array = work.descriptors[number]
    assert isinstance(array, ArrayDescriptor)
    if not is_constant(work.first[number]) or not is_constant(work.second[number]):
        return 0
    if array.kind != "i" or int(array.item_size) != WORD_SIZE:
        return 0
    constants = optimizer.constants
    index = constants.int_of(work.second[number])
    return constants.int_of(work.first[number]) + int(array.base_size) + index * WORD_SIZE


def optimize_load(optimizer, number):
    """The value that the word had the last time."""
    known = optimizer.raw_words.get(_address_of_word(optimizer, number), NOTHING)
    if known == NOTHING:
        return KEEP
    work = optimizer.work
    work.forward(number, work.resolve(known))
    return DONE


def learn_load(optimizer, number):
    """The word is known from here on."""
    address = _address_of_word(optimizer, number)
    if address != 0:
        optimizer.raw_words[address] = number


def learn_store(optimizer, number):
    """Nothing but this word is known: the same memory may be reached in other ways."""
    forget(optimizer, number)
    address = _address_of_word(optimizer, number)
    if address != 0:
        work = optimizer.work
        optimizer.raw_words[address] = work.resolve(work.third[number])


def forget(optimizer, number):
    """Something else has written memory outside of the heap."""
    if len(optimizer.raw_words) > 0:
        optimizer.raw_words = {}


def behind_call(optimizer, number):
    """Others may have run while the call did."""
    descriptor = optimizer.work.descriptors[number]
    if not isinstance(descriptor, CallDescriptor) or not descriptor.effect.is_elidable():
        forget(optimizer, number)


HANDLERS = {ops.GETARRAYITEM_RAW_I: optimize_load}

LEARNERS = {opcode: behind_call for opcode in range(ops.COUNT) if ops.has_flag(opcode, ops.CALL)}
LEARNERS[ops.GETARRAYITEM_RAW_I] = learn_load
LEARNERS[ops.SETARRAYITEM_RAW] = learn_store
LEARNERS[ops.RAW_STORE] = forget
LEARNERS[ops.SETFIELD_RAW] = forget
