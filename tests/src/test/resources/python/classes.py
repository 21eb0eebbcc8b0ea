"""Attributes, globals and builtins that change while a loop runs; class bodies, descriptors, operators of one's own."""
import builtins
import types

LEVEL = 1
SCALE = 2.0


class Point:
    kind = "point"

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm(self):
        return self.x * self.x + self.y * self.y

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return isinstance(other, Point) and self.x == other.x and self.y == other.y

    def __bool__(self):
        return self.x > 10

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return (self.x, self.y, 0)[index]

    def __contains__(self, value):
        return value == self.x

    def __call__(self, *args, **named):
        return len(args) + self.x, sorted(named)

    def __neg__(self):
        return Point(-self.x, -self.y)

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    @property
    def double(self):
        return self.x * 2

    @staticmethod
    def static(a):
        return a + 1

    @classmethod
    def named(cls, a):
        return cls.__name__, a


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a


class Child(Point):
    def norm(self):
        return super().norm() + 1


def methods(points):
    total = 0
    for p in points:
        total += p.norm() + p.x
    return total


def replaced_method(n):
    seen = []
    p = Point(1, 2)
    original = Point.norm
    for i in range(n):
        if i == n // 3:
            Point.norm = lambda self: -1
        if i == n // 2:
            p.norm = lambda: -2
        if i == n // 2 + 10:
            del p.norm
            Point.norm = original
        value = p.norm()
        if not seen or seen[-1] != value:
            seen.append(value)
    return seen


def class_attribute(n):
    seen = []
    p = Point(0, 0)
    for i in range(n):
        if i == n // 3:
            Point.kind = "changed"
        if i == n // 2:
            p.kind = "own"
        if i == n - 2:
            del p.kind
        if not seen or seen[-1] != p.kind:
            seen.append(p.kind)
    Point.kind = "point"
    return seen


def reclassed(n):
    p = Point(2, 3)
    total = 0
    for i in range(n):
        if i == n // 2:
            p.__class__ = Child
        total += p.norm()
    return total


def changed_globals(n):
    global LEVEL, SCALE, fresh
    total = 0
    for i in range(n):
        total += LEVEL * SCALE
        if i == n // 4:
            LEVEL = 10
        if i == n // 3:
            SCALE = 3
        if i == n // 2:
            LEVEL = 0.5
        if i == n - 2:
            fresh = i
        if i == n - 1:
            total += fresh
    del fresh
    LEVEL = 1
    SCALE = 2.0
    return total


def shadowed_builtin(n):
    seen = []
    for i in range(n):
        if i == n // 3:
            globals()["abs"] = lambda x: "shadow"
        if i == n // 2:
            del globals()["abs"]
        value = abs(-1)
        if not seen or seen[-1] != value:
            seen.append(value)
    return seen


def patched_builtin(n):
    seen = []
    original = builtins.len
    try:
        for i in range(n):
            if i == n // 2:
                builtins.len = lambda x: 42
            value = len("abc")
            if not seen or seen[-1] != value:
                seen.append(value)
    finally:
        builtins.len = original
    return seen


def patched_range(n):
    original = builtins.range
    total = 0
    for k in original(3):
        if k == 1:
            builtins.range = lambda stop: iter([5, 6, 7])
        for i in range(n):
            total += i
        builtins.range = original
    return total


def added_builtin(n):
    total = 0
    for i in range(n):
        if i == n // 2:
            builtins.brand_new = 7
        if i > n // 2:
            total += brand_new
    del builtins.brand_new
    try:
        return brand_new
    except NameError as e:
        return total, str(e)


def other_globals(n):
    """One code object with other globals each time."""
    def reader():
        total = 0
        for _ in range(n):
            total += value
        return total

    code = reader.__code__
    code = compile("def reader(n):\n total = 0\n for _ in range(n):\n  total += value\n return total", "<made>", "exec").co_consts[0]
    results = []
    for value in (1, 2.5, 1 << 70):
        results.append(types.FunctionType(code, {"value": value, "__builtins__": builtins})(n))
    results.append(types.FunctionType(code, {"value": 1, "range": lambda k: [1, 2], "__builtins__": {}})(n))
    return results


def operators(n):
    p = Point(1, 2)
    q = Point(0, 1)
    for i in range(n):
        p = p + q
    count = 0
    for i in range(20):
        r = Point(i, i)
        if r:
            count += 1
        if not r:
            count += 100
        if r == Point(3, 3):
            count += 1000
        if 5 in r:
            count += 10000
        count += r[0] + len(r) + r.double + r.static(i)
    return p, -p, count, p[1:], p(1, 2, k=3), p.named(3), Point.named(4)


def slotted(n):
    s = Slotted(0)
    for i in range(n):
        s.a += i
        if i == n // 2:
            s.a = s.a / 2
    try:
        return s.b
    except AttributeError as e:
        return s.a, str(e)


def dynamic(n):
    class Dynamic:
        def __getattr__(self, name):
            if name.startswith("v"):
                return int(name[1:])
            raise AttributeError(name)

        def __setattr__(self, name, value):
            object.__setattr__(self, name, value * 2)

    d = Dynamic()
    total = 0
    for i in range(n):
        total += d.v3
        d.w = i
        total += d.w
    try:
        d.x
    except AttributeError as e:
        return total, str(e)


def property_changes_its_class(n):
    class Sly:
        count = 0

        @property
        def value(self):
            Sly.count += 1
            if Sly.count == n // 2:
                Sly.value = 99
            return Sly.count

    s = Sly()
    total = 0
    for _ in range(n):
        total += s.value
    return total


def bodies(n):
    made = []
    for i in range(n):
        class Made:
            number = i
            squares = [k * k for k in range(3)]

            def get(self, j=i):
                return self.number + j

            for extra in range(3):
                number += extra
        made.append(Made)
    return sum(m().get() for m in made), made[-1].extra, made[0].__qualname__


def metaclass(n):
    class Meta(type):
        def __call__(cls, *args):
            return super().__call__(*args)

        def __len__(cls):
            return 5

    class Product(metaclass=Meta):
        def __init__(self, v=0):
            self.v = v

    total = 0
    for i in range(n):
        total += Product(i).v + len(Product)
    return total


class IntLike:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n

    def __radd__(self, other):
        return other + self.n

    def __rsub__(self, other):
        return NotImplemented

    def __eq__(self, other):
        return [self.n]


def reflected(n):
    total = 0
    items = [1, 2, 3]
    for i in range(n):
        total = total + IntLike(2)
        total += items[IntLike(1)]
    try:
        total - IntLike(1)
    except TypeError as e:
        return total, str(e), 3 == IntLike(4), IntLike(5) != 1


def data_class_loop(n):
    import dataclasses

    @dataclasses.dataclass(order=True)
    class Pair:
        a: int
        b: float = 0.5

    pairs = [Pair(i % 7, i / 2) for i in range(n)]
    best = pairs[0]
    for pair in pairs:
        if pair > best:
            best = pair
    return best, sorted(pairs)[1], hash("x") == hash("x")


def exec_subclass_globals(n):
    class Names(dict):
        def __missing__(self, name):
            return 3 if name == "ghost" else (_ for _ in ()).throw(KeyError(name))

    names = Names(n=n, __builtins__=builtins)
    exec("total = 0\nfor i in range(n):\n    total += ghost if False else 1\n", names)
    return names["total"]


def main():
    mixed = [Point(1, 2), Child(1, 2), Point(0.5, 2)] * 100
    print(methods([Point(1, 2)] * 300), methods(mixed), methods([Child(3, 4)] * 300))
    for n in (60, 1000):
        for case in (replaced_method, class_attribute, reclassed, changed_globals, shadowed_builtin, patched_builtin,
                     patched_range, added_builtin, other_globals, operators, slotted, dynamic,
                     property_changes_its_class, bodies, metaclass, reflected, data_class_loop, exec_subclass_globals):
            print(case.__name__, n, case(n))


main()
