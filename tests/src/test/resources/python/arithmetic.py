"""Ints and floats at their borders, in loops that begin with one type and go on with another."""
import math
import operator
import sys

INTS = [0, 1, -1, 2, -2, 3, 7, -7, 10, 255, 256, 257, -5, -6, (1 << 15), (1 << 29), (1 << 30) - 1, 1 << 30, (1 << 30) + 1,
        -(1 << 30) + 1, -(1 << 30), -(1 << 30) - 1, (1 << 31) - 1, 1 << 31, -(1 << 31), -(1 << 31) - 1, (1 << 32),
        (1 << 60) - 1, 1 << 60, (1 << 60) + 1, -(1 << 60), (1 << 62), (1 << 63) - 1, 1 << 63, -(1 << 63), -(1 << 63) - 1,
        1 << 64, 10**30, -(10**30), True, False]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 7.25, -7.25, 1e-300, 5e-324, 1e300, -1e300, 1.7976931348623157e308,
          float(1 << 53), 2.0**63, -(2.0**63), math.inf, -math.inf, math.nan, 1e16, 123456789.125, 0.1]


def add(a, b):
    return a + b


def subtract(a, b):
    return a - b


def multiply(a, b):
    return a * b


def divide(a, b):
    return a / b


def floor(a, b):
    return a // b


def modulo(a, b):
    return a % b


def both_and(a, b):
    return a & b


def either(a, b):
    return a | b


def exclusive(a, b):
    return a ^ b


def less(a, b):
    return a < b


def less_equal(a, b):
    return a <= b


def equal(a, b):
    return a == b


def unequal(a, b):
    return a != b


def greater(a, b):
    return a > b


def greater_equal(a, b):
    return a >= b


def square_sum(a, b):
    return a * a + b * b


def power(a, b):
    return a**2, 2**(b % 5) if b == b and abs(b) < 1e18 else None


def shifts(a, b):
    return a << (b & 63), a >> (b & 63), ~a


def negative(a, b):
    return -a, +b, not a, abs(b)


def branches(a, b):
    if a < b:
        first = 1
    elif a == b:
        first = 2
    elif a > b:
        first = 3
    else:
        first = 4
    if not a <= b:
        first += 10
    if a:
        first += 100
    while not b:
        return first, "b is false"
    return first


def loop(operation, lefts, rights):
    """The operation over all pairs, its result in a local of its own; failures by name."""
    results = []
    for a in lefts:
        for b in rights:
            try:
                results.append(operation(a, b))
            except (ZeroDivisionError, OverflowError, ValueError, TypeError, MemoryError) as e:
                results.append((type(e).__name__, str(e)))
    return results


def summary(values):
    """Few letters for many values, with their types, signs of zero and all digits."""
    check = 0
    for value in values:
        for letter in repr(value):
            check = (check * 31 + ord(letter)) % 1_000_000_007
    return len(values), check


INLINE = """
def inline(lefts, rights):
    results = []
    for a in lefts:
        for b in rights:
            try:
                x = a {0} b
                y = x {0} b
                results.append((x, y, type(x)))
            except (ZeroDivisionError, OverflowError, ValueError, TypeError) as e:
                results.append(str(e))
    return results
def augmented(lefts, rights):
    results = []
    for a in lefts:
        x = a
        for b in rights:
            try:
                x {0}= b
            except (ZeroDivisionError, OverflowError, ValueError, TypeError) as e:
                results.append(str(e))
                x = a
        results.append(x)
    return results
"""

COMPARED = """
def inline(lefts, rights):
    results = []
    for a in lefts:
        for b in rights:
            x = a {0} b
            n = 0
            if a {0} b:
                n += 1
            if not (a {0} b):
                n += 2
            while a {0} b:
                n += 4
                break
            results.append((x, n, 5 {0} b, a {0} 2.5))
    return results
"""


def hot(n):
    """Each local changes its type while the loop runs."""
    x = 0
    y = 1.0
    z = 1
    w = 3
    for i in range(n):
        x += i
        if i == n // 2:
            x = x + 0.5
            y = int(y)
        y = y + 1
        z = z * 3 % 1_000_003
        if i > n - 5:
            z = z * 1_000_000_007
        w = -w
        if w > 0:
            w += 1 << 20
    return x, y, z, w


def grow(n):
    """From one digit over two to many."""
    seen = []
    total = 1
    for i in range(n):
        total += total
        if i % 10 == 0:
            seen.append(total)
    small = -1
    for i in range(n):
        small = small + small - 1
        if i % 16 == 0:
            seen.append(small)
    for i in range(n):
        total //= 2
        small //= 3
    return seen, total, small


def border(n):
    """Over the border of a digit and back, up and down."""
    seen = 0
    for start in ((1 << 30) - n // 2, -(1 << 30) - n // 2, (1 << 60) - n // 2, (1 << 63) - n // 2, -(1 << 63) - n // 2,
                  256 - n // 2, -5 - n // 2, (1 << 31) - n // 2):
        x = start
        for _ in range(n):
            x += 1
            seen ^= x
        for _ in range(n):
            x -= 1
            seen += x
        seen += x * x - x // 3
    return seen


def collatz(limit):
    most = 0
    for n in range(1, limit):
        steps = 0
        while n != 1:
            n = 3 * n + 1 if n & 1 else n >> 1
            steps += 1
        if steps > most:
            most = steps
    return most


def lcg(n):
    state = 12345
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
    small = 12345
    for _ in range(n):
        small = (small * 1103515245 + 12345) % (1 << 31)
    return state, small


def division_signs():
    results = []
    for a in range(-20, 21):
        for b in range(-7, 8):
            if b:
                results.append((a // b, a % b, (a + 0.0) // b, (a + 0.0) % b, divmod(a, b)))
    return results


def zeros(n):
    x = 0.0
    for _ in range(n):
        x = -x
    y = 0.0
    for _ in range(n + 1):
        y = y * -1.0
    return repr(x), repr(y), repr(x + y), repr(x - y), repr(-0.0 + 0), repr(0.0 % -3.0), repr(-0.0 // 1.0), str(0 * -1.5)


def nan_chain(n):
    nan = math.inf - math.inf
    counts = [0] * 8
    for i in range(n):
        x = nan if i % 3 == 0 else i / 3
        if x < 100.0:
            counts[0] += 1
        if not x < 100.0:
            counts[1] += 1
        if x >= 100.0:
            counts[2] += 1
        if x != x:
            counts[3] += 1
        if x == x:
            counts[4] += 1
        if 1.0 < x < 50.0:
            counts[5] += 1
        if x <= nan or x > nan or nan == x:
            counts[6] += 1
        if x:
            counts[7] += 1
    return counts


def infinities(n):
    x = 1.0
    seen = []
    for i in range(n):
        x = x * 10.0
        if i % 100 == 99:
            seen.append(x)
    y = x - x
    return seen, y, -x, 1.0 / x, x // 2.0 if x == x else 0, math.isnan(y)


def integrate(n):
    total = 0.0
    h = 1 / n
    for i in range(n):
        x = h * (i + 0.5)
        total += 4.0 / (1.0 + x * x)
    return total * h


def mixed(values):
    total = 0
    for value in values:
        total = total + value * 2 - value
    return total


class Number(int):
    def __add__(self, other):
        return Number(int(self) + int(other) + 1)


class Real(float):
    def __mul__(self, other):
        return Real(float(self) * float(other) + 0.5)

    def __lt__(self, other):
        return "yes"


def booleans(n):
    count = 0
    flag = False
    for i in range(n):
        flag = not flag
        count += flag
        count += (i % 3 == 0) + (i % 5 == 0) * 2
        flag ^= i & 1 == 1
    return count, flag, flag + 0.5, -flag


def powers(n):
    seen = []
    for i in range(n):
        seen.append((i**2, i**0.5, (-i)**3, 2**-i if i < 40 else 0, (i + 1)**-1.5, pow(3, i, 7)))
        try:
            seen.append((-1.5)**(i / 2))
        except ValueError as e:
            seen.append(str(e))
    try:
        x = 10.0
        for _ in range(n):
            x = x**2
    except OverflowError as e:
        seen.append(str(e))
    try:
        0.0**-1
    except ZeroDivisionError as e:
        seen.append(str(e))
    return seen


def conversions(n):
    seen = []
    for i in range(n):
        seen.append((int(i / 3), float(i), round(i / 7, 2), abs(-i), str(i), bool(i % 2), hex(i), complex(i, 1) * 2))
    for value in (2.0**62, 2.0**63, -(2.0**70), 1e22):
        seen.append((int(value), value == int(value), int(value) < value + 1))
    return summary(seen)


def rounded(x, n):
    """Ints that no float is: they are compared as what they are."""
    count = 0
    for _ in range(n):
        if x == 1152921504606846975:
            count += 1
        if x <= 1152921504606846975:
            count += 10
        if 9007199254740993 >= x:
            count += 100
        if -9007199254740993 != x:
            count += 1000
    return count


def constants(n):
    total = 0
    for i in range(n):
        total += 0x3FFFFFFF
        total -= 0x40000000
        total = total ^ 0x7FFFFFFF
        total = total % 1000 - 2147483648 + 0xFFFFFFFFFF
        total = total & -16 | 5
    return total


def main():
    everything = INTS + FLOATS
    for operation in (add, subtract, multiply, divide, floor, modulo, less, less_equal, equal, unequal, greater,
                      greater_equal, square_sum, power, negative, branches):
        print(operation.__name__, summary(loop(operation, everything, everything)))
    for operation in (both_and, either, exclusive, shifts):
        print(operation.__name__, summary(loop(operation, INTS, INTS)))
    print(summary(loop(both_and, INTS[:6], FLOATS[:3])))
    for symbol in ("+", "-", "*", "/", "//", "%", "&", "|", "^"):
        space = {}
        exec(INLINE.format(symbol), space)
        inline, augmented = space["inline"], space["augmented"]
        for lefts in (INTS, FLOATS, everything):
            for rights in (INTS, FLOATS):
                print(symbol, summary(inline(lefts, rights)), summary(augmented(lefts, rights)))
    for symbol in ("<", "<=", "==", "!=", ">", ">="):
        space = {}
        exec(COMPARED.format(symbol), space)
        for lefts in (INTS, FLOATS, everything):
            for rights in (INTS, FLOATS):
                print(symbol, summary(space["inline"](lefts, rights)))
    for n in (40, 2000):
        print(hot(n), border(n))
    print(grow(200))
    print(collatz(2000), lcg(3000), summary(division_signs()), division_signs()[::37])
    for n in (3, 500):
        print(zeros(n), nan_chain(n), infinities(n))
    print(integrate(5000), mixed([1] * 500 + [0.5] * 500 + [True, 1 << 70, -1.5]), mixed([0.25] * 500 + [3] * 500))
    print(mixed([1] * 300 + [Number(5)] * 3 + [Real(2.5)] * 3), branches(Real(3), Real(4)), add(Number(3), Number(4)))
    print(booleans(1000), powers(30), conversions(300), constants(2000))
    print([rounded(x, 1000) for x in (2.0**60, 2.0**53, -(2.0**53), 0.5, 1 << 60, math.nan)])
    print(sys.maxsize + 1, operator.add(sys.maxsize, 1))


main()
