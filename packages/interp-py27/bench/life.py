# Life on an unbounded plane: sets and dicts of tuples.
from harness import run

GUN = '''
........................O...........
......................O.O...........
............OO......OO............OO
...........O...O....OO............OO
OO........O.....O...OO..............
OO........O...O.OO....O.O...........
..........O.....O.......O...........
...........O...O....................
............OO......................
'''


def cells_of(picture):
    return set((x, y) for y, line in enumerate(picture.split()) for x, mark in enumerate(line) if mark == 'O')


def step(cells):
    neighbours = {}
    for x, y in cells:
        for place in ((x - 1, y - 1), (x, y - 1), (x + 1, y - 1), (x - 1, y), (x + 1, y), (x - 1, y + 1), (x, y + 1),
                      (x + 1, y + 1)):
            neighbours[place] = neighbours.get(place, 0) + 1
    return set(place for place, count in neighbours.iteritems() if count == 3 or count == 2 and place in cells)


def iteration(generations=1500):
    cells = cells_of(GUN)
    for _ in xrange(generations):
        cells = step(cells)
    return len(cells), max(cells), sum(x * y for x, y in cells)


if __name__ == '__main__':
    run(iteration)
