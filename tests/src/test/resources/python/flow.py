"""Loops and jumps of every kind, generators, coroutines, comprehensions, calls of every kind."""
import asyncio


def while_else(limit, stop):
    n = 0
    while n < limit:
        n += 1
        if n % 2:
            continue
        if n == stop:
            break
    else:
        return "else", n
    return "break", n


def for_else(items, stop):
    for item in items:
        if item == stop:
            break
    else:
        return "else"
    return "break", item


def forever(limit):
    n = 0
    while True:
        n += 1
        while True:
            n += 2
            if n % 3 == 0:
                break
        if n > limit:
            return n


def nested(size):
    total = 0
    for i in range(size):
        for j in range(i):
            for k in range(j):
                if k > 20:
                    break
                if (i + j) % 7 == 3:
                    continue
                total += k - j
            else:
                total += 1000
    return total


def primes(limit):
    sieve = [True] * limit
    sieve[0] = sieve[1] = False
    for n in range(2, int(limit**0.5) + 1):
        if sieve[n]:
            for m in range(n * n, limit, n):
                sieve[m] = False
    return sum(sieve)


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def logic(values):
    result = []
    for a in values:
        for b in values:
            result.append((a and b, a or b, not a, a is b, a is not b, a if b else "no"))
    return result


def chain(values):
    count = 0
    for a in values:
        for b in values:
            for c in values:
                if a < b <= c != a:
                    count += 1
                if a == b == c or not (a >= b > c):
                    count += 100
    return count


def ranges():
    result = []
    for bounds in [(0,), (5,), (-5,), (2, 9), (9, 2), (9, 2, -1), (0, 10, 3), (10, 0, -3), (2, 9, 100), (9, 2, -100),
                   (1 << 62, (1 << 62) + 5), (-(1 << 63), -(1 << 63) + 4), ((1 << 63) - 3, (1 << 63) + 3),
                   (1 << 70, (1 << 70) + 3), (0, 1 << 65, 1 << 64), (250, 260), (-8, 3), ((1 << 30) - 2, (1 << 30) + 2),
                   (-(1 << 30) - 2, -(1 << 30) + 2), (0, (1 << 63) - 1, 1 << 62)]:
        seen = []
        for i in range(*bounds):
            seen.append(i)
        seen.append(seen and i + 1)
        result.append(seen)
    return result


def range_changes(count):
    total = 0
    for i in range(count):
        i += 10
        total += i
        for i in range(3):
            total -= i
    return total, i


def iterators(things):
    result = []
    for thing in things:
        n = 0
        for item in thing:
            n += 1
        result.append((type(thing).__name__, n))
    return result


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Indexed:
    def __getitem__(self, index):
        if index >= 50:
            raise IndexError(index)
        return index * 2


def generate(n):
    state = 0
    for i in range(n):
        sent = yield i * i
        if sent:
            state += sent
    return state


def drive(n):
    g = generate(n)
    total = next(g)
    try:
        while True:
            total += g.send(total % 5)
    except StopIteration as stop:
        return total, stop.value


def delegate(n):
    got = yield from generate(n)
    yield "got", got


def fill(n):
    pending = []
    try:
        for i in range(n):
            pending.append((yield i))
    except GeneratorExit:
        print("closed with", len(pending))
        raise
    finally:
        print("finally")


def comprehensions(n):
    offset = 3
    squares = [i * i + offset for i in range(n) if i % 3]
    table = {i: [j for j in range(i)] for i in range(n) if i < 6}
    letters = {chr(97 + i % 26) for i in range(n)}
    lazy = (x / 2 for x in squares)
    return squares[-3:], table, sorted(letters)[:4], sum(lazy), [y for y in (offset, n) for _ in range(2)]


async def pause(n):
    total = 0
    for i in range(n):
        if i % 50 == 0:
            await asyncio.sleep(0)
        total += i
    return total


async def stream(n):
    for i in range(n):
        yield i
        if i % 40 == 0:
            await asyncio.sleep(0)


async def together():
    results = await asyncio.gather(*(pause(n) for n in range(100, 400, 100)))
    total = 0
    async for i in stream(200):
        total += i
    return results, total, [i async for i in stream(5)]


def positional(a, b=2, *rest, c=3, **named):
    return a, b, rest, c, sorted(named.items())


def calls(n):
    result = None
    args = (1, 2, 3)
    named = {"c": 5, "d": 6}
    for i in range(n):
        result = [
            positional(i),
            positional(i, i),
            positional(i, 2, 3, 4),
            positional(i, c=9),
            positional(b=i, a=1),
            positional(*args),
            positional(*args, 9, *args, **named),
            positional(a=i, **named),
            positional(*range(2), c=i),
        ]
    return result


def many(a, b, c, d, e, f, g, h, i, j):
    return a - b + c - d + e - f + g - h + i - j


def many_calls(n):
    total = 0
    for i in range(n):
        total += many(i, 1, 2, 3, 4, 5, 6, 7, 8, i // 2)
    return total


def closures(n):
    total = 0
    functions = []

    def add(x):
        nonlocal total
        total += x
        return total

    for i in range(n):
        add(i)
        if i < 3:
            functions.append(lambda k=i: (k, i, total))
    return total, [f() for f in functions]


def counter():
    count = 0.5

    def step(by):
        nonlocal count
        for _ in range(by):
            count += 1
        return count

    return step


def walrus(values):
    found = []
    while (n := len(found)) < 10:
        if (square := n * n) > 20:
            found.append(square)
        else:
            found.append(-1)
    return found, n, square


def match(values):
    result = []
    for value in values:
        match value:
            case 0:
                result.append("zero")
            case int(n) if n > 100:
                result.append("big")
            case [a, b]:
                result.append((a, b))
            case [first, *rest]:
                result.append((first, len(rest)))
            case {"key": k}:
                result.append(k)
            case str() | bytes():
                result.append("text")
            case _:
                result.append(None)
    return result


def lots_of_locals(n):
    (a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9) = range(20)
    (x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, y0, y1, y2, y3, y4, y5, y6, y7, y8, y9) = [i / 4 for i in range(20)]
    for i in range(n):
        a0 += a1; a1 ^= a2; a2 += a3; a3 -= a4; a4 += a5; a5 -= a6; a6 += a7; a7 -= a8; a8 += a9; a9 ^= a0 & 255
        b0 += b1; b1 -= b2; b2 += b3; b3 ^= b4; b4 += b5; b5 -= b6; b6 ^= b7; b7 -= b8; b8 += b9; b9 ^= b0 & 127
        x0 += x1; x1 -= x2; x2 *= 0.5; x3 += x4 * x5; x4 -= x6 * 0.25; x5 *= 0.75; x6 += 1.0; x7 -= x8; x8 += x9
        x9 *= 0.5; y0 += x0 * 0.125; y1 -= y2; y2 += y3; y3 *= 0.5; y4 += y5; y5 -= 0.5; y6 += y7; y7 *= 0.5
        y8 = y9 + x0; y9 = y8 * 0.25
    return (a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9,
            x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, y0, y1, y2, y3, y4, y5, y6, y7, y8, y9)


def wide_expression(n):
    total = 0.0
    for i in range(n):
        x = i * 0.5
        total += (
            (x - (13.5 + (i + (12 - int((x * (11.5 + (x - (10.5 - (x + (9.5 + (i + (8 - int((x - (7.5 + (x + (6.5 - (x * (5.5 + (i + (4 - int((x + (3.5 + (x * (2.5 - (x - (1.5 + (i + (0 - int(x * 0.5))))))))))))))))))))))))))))))))
        ) % 1000.0
    return total


def main():
    print(while_else(1000, 0), while_else(1000, 600), for_else(range(900), 800), for_else([1] * 500, 2), for_else([], 1))
    print(forever(20000), nested(60), primes(20000), fibonacci(17), ackermann(2, 9))
    print(logic([0, 1, "", "x", None, [], 2.5, True]))
    print(chain([0, 1, 2, 2, -3]), chain([0.5, 1, True, 2.5, -0.0]), chain(["a", "b", "ab"]))
    for line in ranges():
        print(line)
    print(range_changes(500))
    print(iterators([[1] * 300, (2,) * 300, "x" * 300, {1: 2, 3: 4}, {5}, b"abc" * 100, bytearray(90), range(400),
                     Countdown(300), Indexed(), iter([1, 2]), map(abs, [1, 2]), zip([1], [2]), enumerate("abc"),
                     memoryview(b"xyz"), reversed([1, 2, 3]), {1: 1}.items(), generate(300)]))
    print(drive(300), list(delegate(4)))
    g = fill(200)
    for _ in zip(range(100), g):
        pass
    g.close()
    print(comprehensions(40))
    print(asyncio.run(together()))
    print(calls(300))
    print(many_calls(500), closures(400))
    step = counter()
    print([step(n) for n in (10, 500, 3)])
    print(walrus(0))
    print(match([0, 500, 5, (1, 2), [1, 2, 3], {"key": 9}, "t", b"t", 2.5] * 50)[-9:])
    print(lots_of_locals(30), lots_of_locals(400))
    print(wide_expression(1000))


main()
main()
