# Planets of the outer solar system under gravity: float arithmetic on lists and tuples.
from harness import run

PI = 3.14159265358979323
SOLAR_MASS = 4 * PI * PI
DAYS = 365.24

# position, velocity a day, mass in suns
PLANETS = [
    ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 1.0),
    ([4.84143144246472, -1.16032004402743, -0.103622044471123],
     [0.00166007664274404, 0.00769901118419740, -0.0000690460016972063], 0.000954791938424327),
    ([8.34336671824458, 4.12479856412430, -0.403523417114321],
     [-0.00276742510726411, 0.00499852801234917, 0.0000230417297573764], 0.000285885980666131),
    ([12.8943695621391, -15.1111514016986, -0.223307578892656],
     [0.00296460137564762, 0.00237847173959481, -0.0000296589568540238], 0.0000436624404335156),
    ([15.3796971148509, -25.9193146099880, 0.179258772950371],
     [0.00268067772490389, 0.00162824170038242, -0.0000951592254519716], 0.0000515138902046612),
]


class Body(object):

    def __init__(self, position, velocity, mass):
        self.x, self.y, self.z = position
        self.vx, self.vy, self.vz = [v * DAYS for v in velocity]
        self.mass = mass * SOLAR_MASS


def pairs_of(bodies):
    return [(bodies[i], bodies[j]) for i in range(len(bodies)) for j in range(i + 1, len(bodies))]


def advance(bodies, pairs, dt):
    for a, b in pairs:
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        pull = dt * ((dx * dx + dy * dy + dz * dz) ** -1.5)
        of_b = b.mass * pull
        a.vx -= dx * of_b
        a.vy -= dy * of_b
        a.vz -= dz * of_b
        of_a = a.mass * pull
        b.vx += dx * of_a
        b.vy += dy * of_a
        b.vz += dz * of_a
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def energy(bodies, pairs):
    total = 0.0
    for body in bodies:
        total += 0.5 * body.mass * (body.vx ** 2 + body.vy ** 2 + body.vz ** 2)
    for a, b in pairs:
        total -= a.mass * b.mass / ((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2) ** 0.5
    return total


def iteration(steps=40000):
    bodies = [Body(*planet) for planet in PLANETS]
    pairs = pairs_of(bodies)
    sun = bodies[0]
    sun.vx = -sum([b.vx * b.mass for b in bodies]) / SOLAR_MASS
    sun.vy = -sum([b.vy * b.mass for b in bodies]) / SOLAR_MASS
    sun.vz = -sum([b.vz * b.mass for b in bodies]) / SOLAR_MASS
    before = energy(bodies, pairs)
    for _ in xrange(steps):
        advance(bodies, pairs, 0.01)
    return '%.9f %.9f' % (before, energy(bodies, pairs))


if __name__ == '__main__':
    run(iteration)
