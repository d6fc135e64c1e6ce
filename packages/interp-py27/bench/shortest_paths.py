# Shortest paths in a graph: Dijkstra with heapq, breadth first with a deque, all pairs with lists of lists.
from collections import defaultdict, deque
from heapq import heappop, heappush

from harness import run


def graph(size):
    edges = defaultdict(list)
    seed = 7
    for node in xrange(size):
        for _ in xrange(4):
            seed = (seed * 1103515245 + 12345) % 2147483648
            edges[node].append(((seed >> 8) % size, seed % 97 + 1))
    return edges


def dijkstra(edges, start):
    distance = {}
    queue = [(0, start)]
    while queue:
        length, node = heappop(queue)
        if node in distance:
            continue
        distance[node] = length
        for target, weight in edges[node]:
            if target not in distance:
                heappush(queue, (length + weight, target))
    return distance


def levels(edges, start):
    level = {start: 0}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for target, _ in edges[node]:
            if target not in level:
                level[target] = level[node] + 1
                waiting.append(target)
    return level


def all_pairs(edges, size):
    far = 10 ** 9
    table = [[far] * size for _ in xrange(size)]
    for node in xrange(size):
        for target, weight in edges[node]:
            if target < size:
                table[node][target] = weight
    for middle in xrange(size):
        through = table[middle]
        for row in table:
            first = row[middle]
            if first < far:
                for target in xrange(size):
                    length = first + through[target]
                    if length < row[target]:
                        row[target] = length
    return sum(min(row) for row in table if min(row) < far)


def iteration():
    edges = graph(25000)
    distance = dijkstra(edges, 0)
    dense = graph(150)
    return sum(distance.itervalues()), max(levels(edges, 1).itervalues()), all_pairs(dense, 150)


if __name__ == '__main__':
    run(iteration)
