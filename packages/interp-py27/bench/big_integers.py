# Integers of many digits: digits of pi, factorials, powers with a modulus, square roots, conversion to text.
from harness import run


def pi_digits(count):
    digits = []
    k, a, b, a1, b1 = 2, 4, 1, 12, 4
    while len(digits) < count:
        p, q, k = k * k, 2 * k + 1, k + 1
        a, b, a1, b1 = a1, b1, p * a + q * a1, p * b + q * b1
        d, d1 = a // b, a1 // b1
        while d == d1 and len(digits) < count:
            digits.append(str(d))
            a, a1 = 10 * (a % b), 10 * (a1 % b1)
            d, d1 = a // b, a1 // b1
    return ''.join(digits)


def factorial(n):
    result = 1
    for factor in xrange(2, n + 1):
        result *= factor
    return result


def square_root(n):
    x = 1 << (n.bit_length() + 1) // 2
    while True:
        y = (x + n // x) >> 1
        if y >= x:
            return x
        x = y


def probably_prime(n):
    d, s = n - 1, 0
    while d & 1 == 0:
        d >>= 1
        s += 1
    for base in (2, 3, 5, 7, 11, 13):
        x = pow(base, d, n)
        if x in (1, n - 1):
            continue
        for _ in xrange(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def iteration():
    root = square_root(10 ** 1200 * 2)
    prime = (1 << 127) - 1
    found = [n for n in [prime - 2 * i for i in range(400)] if probably_prime(n)]
    fibonacci = 0, 1
    for _ in xrange(30000):
        fibonacci = fibonacci[1], fibonacci[0] + fibonacci[1]
    text = str(factorial(2000))
    return pi_digits(1500)[-10:], len(text), int(text[:400]) % 9973, root % 99991, len(found), fibonacci[0] % 1000007


if __name__ == '__main__':
    run(iteration)
