# Pancake flipping over all permutations: list slices and integer loops.
from harness import run


def permutations(size):
    """All permutations in the order of counting with falling digits, with the sign of each."""
    row = range(size)
    counts = range(1, size + 1)
    sign = 1
    while True:
        yield row, sign
        sign = -sign
        if sign < 0:
            row[0], row[1] = row[1], row[0]
            continue
        row[1], row[2] = row[2], row[1]
        place = 2
        while True:
            counts[place] -= 1
            if counts[place]:
                break
            counts[place] = place + 1
            place += 1
            if place == size:
                return
            row.insert(place, row.pop(0))


def iteration(size=9):
    checksum = 0
    most = 0
    for row, sign in permutations(size):
        first = row[0]
        if first:
            stack = list(row)
            flips = 0
            while first:
                stack[:first + 1] = stack[first::-1]
                first = stack[0]
                flips += 1
            if flips > most:
                most = flips
            checksum += sign * flips
    return checksum, most


if __name__ == '__main__':
    run(iteration)
