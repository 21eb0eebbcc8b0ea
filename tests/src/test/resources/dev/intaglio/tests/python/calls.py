"""Calls between compiled functions: references, frames, tracebacks, defaults, the recursion limit."""
import gc
import sys
import traceback
import weakref


def count(x):
    return sys.getrefcount(x)


def defaults(a, b=[1], c="x"):
    return a, b, c


def keyword_only(a, *, b=2):
    return a + b


def starred(*args, **kwargs):
    return args, kwargs


def names(a):
    b = a + 1
    return locals()


def frame(a):
    return sys._getframe()


def fails(a):
    q = [a]
    raise ValueError(a)


def counter(n):
    for i in range(n):
        yield i


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


log = []


def order(a, b):
    c = Dies("c")
    d = Dies("d")
    return 1


class Thing:
    def method(self, a, b=7):
        return count(self), a, b

    @classmethod
    def maker(cls, a):
        return cls.__name__, a

    @staticmethod
    def free(a):
        return a * 2


def references(n):
    out = []
    for i in range(n):
        o = object()
        t = Thing()
        bound = t.method
        out.append((count(o), t.method(i), bound(i, b=3), Thing.maker(i), t.free(i), sys.getrefcount(o)))
    return out


def arguments(n):
    out = []
    for i in range(n):
        out.append((defaults(i), defaults(i, 2), defaults(i, 2, 3), keyword_only(i), keyword_only(i, b=1)))
        out.append((starred(), starred(i, 2, k=i), starred(*(1, i))))
    return out


def wrong(i):
    try:
        if i == 0:
            return count()
        if i == 1:
            return count(1, 2)
        if i == 2:
            return defaults()
        if i == 3:
            return defaults(1, 2, 3, 4)
        return keyword_only(1, 2)
    except TypeError as e:
        return str(e)


def frames(n):
    out = []
    for i in range(n):
        f = frame(i)
        out.append((f.f_locals, f.f_lineno, f.f_code.co_name, f.f_back is sys._getframe(), names(i)))
    return out


def raising(i):
    try:
        fails(i)
    except ValueError as e:
        t = e.__traceback__
        rows = []
        while t:
            rows.append((t.tb_frame.f_code.co_name, t.tb_lineno, sorted(t.tb_frame.f_locals)))
            t = t.tb_next
        return rows


def kept_frame_keeps_its_locals():
    class Local:
        pass

    def inner():
        value = Local()
        refs.append(weakref.ref(value))
        return sys._getframe()

    refs = []
    f = inner()
    alive = refs[0]() is not None
    f.clear()
    return alive, refs[0]() is None


def dies(n):
    for i in range(n):
        order(i, Dies("b"))


def deep(n):
    return 1 + deep(n + 1)


def depth(n):
    try:
        return depth(n + 1)
    except RecursionError:
        return n


def generators(n):
    total = 0
    for i in range(n):
        for x in counter(3):
            total += x
        g = counter(i)
        total += next(g, 0)
    return total


def repeatedly(f, n):
    results = [f(i) for i in range(n)]
    return results[0], results[-1], all(type(r) is type(results[0]) for r in results)


# A callee that is not compiled yet runs in the interpreter, whose own calls hold their arguments once more (PEP 523).
rows = references(200)
print(rows[-1])
rows = arguments(200)
print(rows[:2], rows[-2:])
for i in range(5):
    print({wrong(i) for _ in range(200)})
rows = frames(200)
print(rows[0], rows[-1])
print({str(raising(3)) for _ in range(200)})
print({kept_frame_keeps_its_locals() for _ in range(200)})
dies(200)
print(log == ["b", "c", "d"] * 200, len(log))
for i in range(3):
    try:
        deep(0)
    except RecursionError as e:
        print(e, len(traceback.extract_tb(e.__traceback__)))
print([depth(0) for _ in range(3)])
sys.setrecursionlimit(5000)
print([depth(0) for _ in range(3)])
print(generators(200))



class Items(list):
    pass


class Borrower:
    append = list.append
    size = len


def natives(n):
    """C functions and methods of C types, with what they take and with what they do not."""
    items, more, errors = [], Items(), set()
    b = Borrower()
    total = 0
    for i in range(n):
        items.append(i)
        more.append(i)
        total += len(items) + abs(-i) + min(i, 3, 1) + max((i, 2)) + isinstance(i, int) + len("abc".upper())
        total += "a,b".split(",").__len__() + {"k": i}.get("k", 0) + ord("a") + divmod(i, 3)[0] + len(sorted([3, i]))
        for wrong in (lambda: len(), lambda: len(1), lambda: items.append(), lambda: b.append(1), lambda: list.append({}, 1),
                      lambda: b.size(), lambda: items.pop(1, 2), lambda: "".join(1), lambda: items.clear(1)):
            try:
                wrong()
            except TypeError as e:
                errors.add(str(e))
    return total, len(items), len(more), sorted(errors)


def hot(n):
    items = []
    o = object()
    for i in range(n):
        items.append(o)
        k = len(items)
        items.insert(0, i)
        items.pop()
    return len(items), k, sys.getrefcount(o)


print(natives(200), hot(300))
calls = []


def tracer(event_frame, event, argument):
    calls.append((event_frame.f_code.co_name, event))
    return None


def switches(n):
    total = 0
    for i in range(n):
        if i == 150:
            sys.settrace(tracer)
        if i == 153:
            sys.settrace(None)
        total += defaults(i)[0]
    return total


print(switches(200), calls)
before = len(gc.get_objects())
references(50)
frames(50)
gc.collect()
print(len(gc.get_objects()) - before < 50)
