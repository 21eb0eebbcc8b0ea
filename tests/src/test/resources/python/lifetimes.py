"""When objects die: order of __del__, exact reference counts, no growth."""
import gc
import resource
import sys
import weakref

log = []


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)

    def __add__(self, other):
        return Noisy(f"{self.name}+{other}")

    def __lt__(self, other):
        return True

    def __getitem__(self, index):
        return Noisy(f"{self.name}[{index}]")

    def __bool__(self):
        return self.name != "last"


def flush():
    result = log[:]
    log.clear()
    return result


def overwritten(n):
    x = Noisy("first")
    for i in range(n):
        x = Noisy(i)
        log.append("made")
    log.append("loop over")
    del x
    log.append("deleted")


def temporaries(n):
    for i in range(n):
        Noisy(i) + "t"
        Noisy(i)[i][i]
        if Noisy(i) < Noisy(-i):
            log.append("less")
        while Noisy("last"):
            pass


def in_collections(n):
    items = []
    for i in range(n):
        items.append(Noisy(i))
    for i in range(0, n, 2):
        items[i] = None
        log.append("cleared")
    items.clear()
    table = {}
    for i in range(n):
        table[i % 2] = Noisy(("d", i))
    log.append("end")


def loop_variable(n):
    for x in map(Noisy, range(n)):
        log.append("body")
    log.append("after")


def returned(n):
    for i in range(n):
        x = Noisy(i)
        if i == n - 1:
            return x


def raised(n):
    for i in range(n):
        try:
            x = [Noisy((i, "a")), Noisy((i, "b")), i // 0]
        except ZeroDivisionError:
            log.append("caught")
    try:
        for i in range(n):
            (Noisy("p"), [Noisy("q"), missing_name])
    except NameError:
        log.append("caught")


def dies_in_assignment(n):
    """__del__ looks at the frame whose local it was."""
    class Looks:
        def __del__(self):
            log.append(sorted(sys._getframe(1).f_locals))

    for i in range(n):
        x = Looks()
        x = None
        y = Looks()
        del y


def raises_in_del(n):
    class Bad:
        def __del__(self):
            raise ValueError("in del")

    old = sys.unraisablehook
    count = [0]

    def hook(info):
        count[0] += 1

    sys.unraisablehook = hook
    try:
        for i in range(n):
            b = Bad()
            b = i
    finally:
        sys.unraisablehook = old
    return count[0], b


def swap_locals(n):
    a, b = Noisy("a"), Noisy("b")
    for i in range(n):
        a, b = b, a
    log.append((a.name, b.name))


class Target:
    def __init__(self):
        self.field = 0

    def method(self):
        return 1

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return 1


def counts(n):
    """No reference is lost or leaked by any operation."""
    target = Target()
    other = Target()
    items = [target, other]
    pair = (target, other)
    table = {"k": target}
    x = 12345.678
    big = 1 << 80

    def fails():
        raise ValueError(target)

    def identity(thing):
        return thing

    watched = (target, other, x, big, items, pair, Target, fails, None, True, False, 7)
    before = [sys.getrefcount(thing) for thing in watched]
    for i in range(n):
        a = items[i % 2]
        b = pair[1]
        items[0] = items[0]
        items[i & 1], items[1] = items[1], items[i & 1]
        a = a if i % 2 else b
        p, q = pair
        r, s = items
        c = table["k"]
        table["k"] = c
        d = identity(target)
        d.field = target
        d.field = i
        e = d.method()
        same = d is a or b is None
        same = target == other
        same = target != other
        same = target in items
        t = (target, other, target)
        u = [target, *items]
        v = {target: other}
        y = x + 1.0
        y = x * i - x
        if x < y:
            y = x
        z = big + i
        z = big
        w = None
        w = True if i % 3 else False
        m = 7
        m += 7
        f = f"{i}{x}"
        for thing in items:
            k = thing
        for thing in pair:
            pass
        try:
            [target, (other, x, big, fails())]
        except ValueError as error:
            pass
        try:
            [target, other][i % 2 + (target if i % 2 else 1)]
        except TypeError:
            pass
        try:
            target.absent
        except AttributeError:
            pass
        lambda: (target, i)
        g = [thing for thing in items]
        h = items[:]
        del g, h
    a = b = c = d = e = p = q = r = s = t = u = v = y = z = w = m = k = thing = same = f = error = i = None
    after = [sys.getrefcount(thing) for thing in watched]
    changes = [now - then for now, then in zip(after, before)]
    # None, True, False and 7 are everybody's: a leak grows with n, all else is noise.
    return changes[:8], [abs(change) < 100 or change for change in changes[8:]]


def arithmetic(n):
    total = 0
    x = 0.5
    s = 1 << 40
    items = [0.0] * 8
    for i in range(n):
        total += i
        x = x * 1.0000001 + i / 7
        s = s + i - 3
        items[i & 7] = x + s
        x = x % 1000.0
        if x < total or s != i:
            total -= 1
    return total


def allocates(n):
    last = None
    for i in range(n):
        last = (i, [i, last and last[0]], {"i": i}, f"{i}", i + 0.5, slice(i, 3), lambda: i)
    return last[0]


def raises(n):
    caught = 0
    for i in range(n):
        try:
            (i, [i, 1.5], i // 0)
        except ZeroDivisionError:
            caught += 1
    return caught


def growth(function, n):
    function(n // 10)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    function(n)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = after - before
    return "steady" if grown < 16000 else f"{function.__name__} grew by {grown} KiB"


def code_dies(n):
    """Functions made, run hot and dropped: their code objects go."""
    references = []
    for i in range(n):
        space = {}
        exec("def made(k):\n    total = 0\n    for i in range(k):\n        total += i\n    return total", space)
        space["made"](200)
        references.append(weakref.ref(space["made"].__code__))
        del space
    gc.collect()
    return sum(reference() is None for reference in references)


def main():
    for case in (overwritten, temporaries, in_collections, loop_variable, returned, raised, dies_in_assignment,
                 raises_in_del, swap_locals):
        for n in (3, 5):
            print(case.__name__, type(case(n)).__name__, flush())
        case(400)
        print(len(flush()))
        print(case.__name__, type(case(3)).__name__, flush())
    for n in (10, 3000):
        print(counts(n))
    print(gc.collect() >= 0, growth(arithmetic, 1_000_000), growth(allocates, 100_000), growth(raises, 200_000))
    print(code_dies(50))


main()
