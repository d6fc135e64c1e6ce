"""Which registers are alive at a `live` mark: one string for all jitcodes, with every different set in it once.

An entry is three counts of bytes, of the kinds i, r and f, and then that many bytes of bits: bit n of byte m is the
register 8 * m + n.
"""


def encode_liveness(ints, references, floats):
    """The entry for three lists of register numbers."""
    parts = [_bits(ints), _bits(references), _bits(floats)]
    counts = "".join([chr(len(part)) for part in parts])
    return counts + "".join(parts)


def _bits(registers):
    size = 0
    for register in registers:
        size = max(size, register // 8 + 1)
    numbers = [0] * size
    for register in registers:
        numbers[register // 8] |= 1 << (register % 8)
    return "".join([chr(number) for number in numbers])


def _append_registers(liveness, start, count, registers):
    for index in range(count):
        bits = ord(liveness[start + index])
        register = index * 8
        while bits:
            if bits & 1:
                registers.append(register)
            bits >>= 1
            register += 1


def append_live_registers(liveness, offset, ints, references, floats):
    """Append the registers alive at the entry `offset`, in growing order, to a list for each kind."""
    count_i = ord(liveness[offset])
    count_r = ord(liveness[offset + 1])
    count_f = ord(liveness[offset + 2])
    start = offset + 3
    _append_registers(liveness, start, count_i, ints)
    _append_registers(liveness, start + count_i, count_r, references)
    _append_registers(liveness, start + count_i + count_r, count_f, floats)


def count_live_registers(liveness, offset):
    """How many registers are alive at the entry `offset`."""
    size = ord(liveness[offset]) + ord(liveness[offset + 1]) + ord(liveness[offset + 2])
    count = 0
    for index in range(offset + 3, offset + 3 + size):
        bits = ord(liveness[index])
        while bits:
            bits &= bits - 1
            count += 1
    return count
