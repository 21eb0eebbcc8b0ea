"""Attributes in hot code while types, instances and dictionaries change under it."""
import sys
import weakref


class Point:
    kind = "point"
    scale = 2

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm(self):
        return self.x * self.x + self.y * self.y

    @property
    def both(self):
        return self.x, self.y


class Slotted:
    __slots__ = ("x", "y", "__weakref__")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm(self):
        return self.x * self.x + self.y * self.y


class Dynamic:
    def __getattr__(self, name):
        return len(name)


class Checked:
    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value * 2


N = 400


def during(n, step, change, make=Point):
    """Works on an object and changes something in the middle."""
    p = make(1.5, 2.5)
    out = []
    for i in range(n):
        if i == n // 2:
            change(p)
        try:
            out.append(step(p))
        except (AttributeError, TypeError) as e:
            out.append(str(e))
    return out[0], out[n // 2 - 1], out[n // 2], out[-1], len(set(map(str, out)))


def read(p):
    return p.x


def call(p):
    return p.norm()


def constant(p):
    return p.kind, p.scale


def write(p):
    p.x = p.x + 1.0
    return p.x


def show(title, *results):
    print(title, results)


def fresh():
    """A class of its own for changes that stay."""

    class Local(Point):
        pass

    return Local


def replaced_method(p):
    type(p).norm = lambda self: "replaced"


def shadowed_method(p):
    p.norm = lambda: "shadowed"


def class_attribute(p):
    type(p).kind = "other"


def instance_attribute(p):
    p.kind = "own"


def data_descriptor(p):
    type(p).x = property(lambda self: "property", lambda self, v: None)


def deleted(p):
    del p.x


def materialized(p):
    p.__dict__["x"] = 9.5


def other_class(p):
    p.__class__ = type("Changed", (Point,), {"norm": lambda self: "changed", "kind": "changed"})


def getattribute(p):
    type(p).__getattribute__ = lambda self, name: "caught " + name


def setter(p):
    type(p).__setattr__ = lambda self, name, value: object.__setattr__(self, name, -value)


for change in (replaced_method, shadowed_method, class_attribute, instance_attribute, data_descriptor, deleted,
               materialized, other_class, getattribute, setter):
    for step in (read, call, constant, write):
        show(change.__name__ + " " + step.__name__, *during(N, step, change, fresh()))
for step in (read, call, write):
    show("slots " + step.__name__, *during(N, step, deleted, Slotted))


def aliases(n, make):
    """A float that others hold is not changed with the attribute."""
    p = make(0.5, 1.5)
    kept = []
    for i in range(n):
        before = p.x
        p.x = before + 1.0
        if i % 100 == 0:
            kept.append((before, p.x, p.y))
        p.y = before
    return kept, p.x, p.y


print(aliases(N, Point), aliases(N, Slotted))


def order(n):
    out = set()
    for i in range(n):
        p = Point(i, 1)
        q = Point.__new__(Point)
        q.y = 1
        q.x = 2
        q.z = 3
        out.add((tuple(vars(p)), tuple(vars(q))))
    return sorted(out)


print(order(N))


class Node:
    def __init__(self, value, next):
        self.value = value
        self.next = next


def chain(n):
    node = None
    for i in range(n):
        node = Node(i, node)
    total = 0
    while node is not None:
        total += node.value
        node = node.next
    return total


print(chain(5000))


def dying(n):
    log = []

    class Dies:
        def __init__(self, i):
            self.i = i

        def __del__(self):
            log.append(self.i)

    class Holder:
        pass

    h = Holder()
    for i in range(n):
        h.value = Dies(i)
        h.value = None
    return log == list(range(n))


print(dying(N))


def references(n, make):
    p = make(object(), object())
    q = p
    counts = set()
    for i in range(n):
        v = p.x
        p.y = v
        counts.add((sys.getrefcount(v), sys.getrefcount(p)))
    r = weakref.ref(p)
    del p, q
    return counts, r() is None


print(references(N, Point), references(N, Slotted))


def mixed(n):
    total = 0
    things = [Point(1, 2), Slotted(3, 4), Point(5.5, 6), Dynamic()]
    for i in range(n):
        t = things[i % 4]
        total += t.x
    return total


print(mixed(N))


def checked(n):
    c = Checked()
    total = 0
    for i in range(n):
        c.x = i
        total += c.x
    return total


print(checked(N))


class Callback:
    def __init__(self, f):
        self.f = f


def callbacks(n):
    c = Callback(lambda a: a + 1)
    d = Callback(len)
    total = 0
    for i in range(n):
        total += c.f(i) + d.f("abc")
    return total


print(callbacks(N))


def big(n):
    p = Point(2**20, 2**61)
    for i in range(n):
        p.x = p.x * 2 if i % 80 else 2**20
        p.y = p.y + 2**55
    return p.x, p.y


print(big(N))


class Derived(Slotted):
    __slots__ = ("z",)


class Borrower:
    __slots__ = ()
    x = Slotted.x


def borrowed(n):
    out = set()
    b = Borrower()
    for i in range(n):
        try:
            out.add(b.x)
        except TypeError as e:
            out.add(str(e))
    d = Derived(1, 2)
    for i in range(n):
        d.z = d.x + i
    return out, d.z


print(borrowed(N))


class Grown:
    """Its instances get more attributes than there is room for in common: they move to dictionaries of their own."""

    def total(self):
        return self.a + self.b + self.c


def grown(n):
    things = [Grown() for _ in range(50)]
    for i, t in enumerate(things):
        t.a = i
    for i, t in enumerate(things):
        t.b = 1
        t.c = 2.5 if i % 2 else 3
        t.d = []
    total = 0
    for i in range(n):
        t = things[i % 50]
        total += t.a + t.b
        total += t.total()
        t.d.append(i)
        t.b = t.b + 1
        if i == n // 2:
            del things[7].b
            things[7].b = 100
            vars(things[9])["a"] = 1000
            vars(things[11]).clear()
            things[11].a = things[11].b = things[11].c = 1
            things[11].d = []
    return total, sum(len(t.d) for t in things)


print(grown(N), grown(10 * N))


def seen(n):
    """Dictionaries that still share their keys with the instances."""
    things = [Point(i, 2) for i in range(10)]
    dictionaries = [vars(t) for t in things]
    total = 0
    for i in range(n):
        t = things[i % 10]
        total += t.x + t.y
        dictionaries[i % 10]["x"] = i
    del dictionaries[3]["y"]
    try:
        for t in things:
            total += t.y
    except AttributeError as e:
        return total, str(e)


print(seen(N), seen(N))
