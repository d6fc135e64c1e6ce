# The Mandelbrot set: complex and float arithmetic in short loops.
from harness import run


def by_floats(size, limit):
    inside = 0
    for row in xrange(size):
        ci = 2.0 * row / size - 1.0
        for column in xrange(size):
            cr = 2.0 * column / size - 1.5
            zr = zi = 0.0
            for _ in xrange(limit):
                rr = zr * zr
                ii = zi * zi
                if rr + ii > 4.0:
                    break
                zi = 2.0 * zr * zi + ci
                zr = rr - ii + cr
            else:
                inside += 1
    return inside


def by_complex(size, limit):
    total = 0
    for row in xrange(size):
        for column in xrange(size):
            c = complex(2.0 * column / size - 1.5, 2.0 * row / size - 1.0)
            z = 0j
            count = 0
            while abs(z) <= 2.0 and count < limit:
                z = z * z + c
                count += 1
            total += count
    return total


def iteration():
    return by_floats(280, 60), by_complex(160, 60)


if __name__ == '__main__':
    run(iteration)
