"""Numbers that cross the borders of what is unboxed: big ints, mixed types, NaN, infinities, signed zeros, overflow."""
import math


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def factorial(n):
    r = 1
    for i in range(1, n + 1):
        r *= i
    return r


def mixed(values):
    s = 0
    for v in values:
        s = s + v
        s = s * 1
    return s


def powers(base, exponent, n):
    r = []
    for i in range(n):
        r.append(base ** exponent)
    return r[-1]


def floor(n):
    out = []
    for i in range(-n, n):
        for d in (7, -7, 8, -8, 1, -1, 3000000000, -3000000000):
            out.append((i // d, i % d))
    return hash(tuple(out))


def compare(values):
    r = []
    for a in values:
        for b in values:
            n = 0
            if a < b:
                n += 1
            if a <= b:
                n += 2
            if a == b:
                n += 4
            if a != b:
                n += 8
            if a > b:
                n += 16
            if a >= b:
                n += 32
            r.append(n)
    return r


def bits(n):
    x = 12345
    for i in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        x ^= x >> 3
        x |= i & 1
    return x


def overflow(n):
    x = 1
    for i in range(n):
        x = x * 3 - 1
        if x > 10 ** 30:
            x = 1
    return x


def negate(n):
    x = 0.0
    y = 5
    r = []
    for i in range(n):
        x = -x
        y = -y
        r.append(y)
    return repr(x), sum(r)


def divide(n):
    s = 0
    for i in range(1, n):
        s += i / (i + 1)
        s += i / 2.5
    return s


def infinities(n):
    x = 1.5
    for i in range(n):
        x = x * 2.0
    y = x - x
    return x, y, y == y, y != y, -x, x > 1, math.copysign(1.0, -0.0 * 1.0)


for _ in range(3):
    print(fibonacci(500))
    print(factorial(120))
    print(mixed([1] * 200 + [0.5] * 200 + [2 ** 70] * 3 + [1 + 2j]))
    print(mixed([True] * 300))
    print(powers(2.0, 0.5, 200), powers(2, 10, 200), powers(-8.0, 1 / 3, 200), powers(0.0, 2.5, 200))
    print(powers(1e200, 1.5, 200), powers(math.inf, -1.0, 200), powers(1e-200, 3.0, 200))
    try:
        powers(1e200, 3.0, 300)
    except OverflowError as e:
        print("OverflowError", e)
    try:
        powers(0.0, -1.0, 300)
    except ZeroDivisionError as e:
        print("ZeroDivisionError", e)
    print(floor(300))
    edge = [0, 1, -1, 0.0, -0.0, 1.0, math.nan, math.inf, -math.inf, 2 ** 53, 2 ** 53 + 1, float(2 ** 53), 2 ** 64, 2.0 ** 64]
    print(compare(edge))
    print(bits(1000), overflow(1000), negate(501), divide(700))
    print(infinities(2000))
