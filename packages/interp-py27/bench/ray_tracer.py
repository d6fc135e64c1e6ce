# A ray tracer: small objects with operators, created and dropped all the time.
from math import sqrt

from harness import run


class Vector(object):
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1.0 / sqrt(self.dot(self)))


class Sphere(object):
    def __init__(self, center, radius, shine):
        self.center = center
        self.radius = radius
        self.shine = shine

    def hit(self, origin, direction):
        away = origin - self.center
        b = away.dot(direction)
        root = b * b - away.dot(away) + self.radius * self.radius
        if root <= 0.0:
            return None
        distance = -b - sqrt(root)
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return (point - self.center).unit()


class Floor(object):
    shine = 0.1

    def hit(self, origin, direction):
        if direction.y >= 0.0:
            return None
        distance = -origin.y / direction.y
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)


class Scene(object):
    def __init__(self):
        self.things = [Floor()]
        for i in range(4):
            self.things.append(Sphere(Vector(i * 1.5 - 2.0, 1.0 + i % 2, 4.0 + i), 1.0, 0.2 * i))
        self.light = Vector(-5.0, 8.0, -4.0)

    def nearest(self, origin, direction):
        best = thing = None
        for candidate in self.things:
            distance = candidate.hit(origin, direction)
            if distance is not None and (best is None or distance < best):
                best, thing = distance, candidate
        return best, thing

    def brightness(self, origin, direction, depth):
        distance, thing = self.nearest(origin, direction)
        if thing is None:
            return 0.2
        point = origin + direction * distance
        normal = thing.normal(point)
        to_light = (self.light - point).unit()
        shade = max(0.0, normal.dot(to_light))
        if self.nearest(point, to_light)[1] is not None:
            shade *= 0.3
        if depth > 0 and thing.shine > 0.0:
            mirrored = direction - normal * (2.0 * direction.dot(normal))
            shade = shade * (1.0 - thing.shine) + thing.shine * self.brightness(point, mirrored, depth - 1)
        return shade


def iteration(width=160, height=120):
    scene = Scene()
    eye = Vector(0.0, 2.0, -5.0)
    total = 0.0
    for row in xrange(height):
        for column in xrange(width):
            direction = Vector((column - width / 2.0) / width, (height / 2.0 - row) / width - 0.1, 1.0).unit()
            total += scene.brightness(eye, direction, 2)
    return '%.6f' % total


if __name__ == '__main__':
    run(iteration)
