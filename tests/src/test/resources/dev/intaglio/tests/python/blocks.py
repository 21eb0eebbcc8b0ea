"""Blocks, starred calls, functions made, deletions, and collections built, in hot code."""
import sys, threading


class CM:

    def __init__(s, log, swallow=False):
        s.log = log
        s.swallow = swallow

    def __enter__(s):
        s.log.append('in')
        return s

    def __exit__(s, t, v, tb):
        s.log.append('out' if t is None else t.__name__)
        return s.swallow


class NoExit:

    def __enter__(s):
        return s


class NoEnter:

    def __exit__(s, *a):
        pass


class BadEnter:

    def __enter__(s):
        raise KeyError('enter')

    def __exit__(s, *a):
        raise AssertionError


def withs(n):
    log = []
    c = CM(log)
    w = CM(log, True)
    r = 0
    for i in range(n):
        with c as d:
            r += d is c
        with w:
            if i > n - 9 and i % 3 == 0:
                raise ValueError(i)
            r += 1
    return (r, len(log), log[:6], sys.getrefcount(c), sys.getrefcount(w))


def locks(n):
    l = threading.Lock()
    r = 0
    for i in range(n):
        with l, l2:
            r += 1
    return (r, l.locked())
l2 = threading.RLock()


def bad(n, cls):
    out = set()
    for i in range(n):
        try:
            with cls():
                pass
        except Exception as e:
            out.add((type(e).__name__, str(e)))
    return out


def ret(n):
    log = []
    for i in range(n):
        with CM(log):
            if i == n - 1:
                return (i, len(log))
            continue


def f(*a, **k):
    return (a, k)


def g(a, b=2, *, c=3):
    return (a, b, c)


def starred(n):
    out = []
    for i in range(n):
        t = (i, 2)
        l = [i, 3]
        d = {'c': i}
        out.append((f(*t), f(*l), f(1, *t, **d), g(*t, **d), f(**d), f(*range(2)), [*t, *l], (*l,), {*t, *l}, {**d, 'e': 1}, {'e': 1, **d}))
        if i < n - 3:
            continue
        try:
            g(*t, b=5)
        except TypeError as e:
            out.append(str(e))
        try:
            f(**d, c=5)
        except TypeError as e:
            out.append(str(e))
        try:
            f(*5)
        except TypeError as e:
            out.append(str(e))
        try:
            {**5}
        except TypeError as e:
            out.append(str(e))
    return (out[:1], out[-11:], sys.getrefcount(t), sys.getrefcount(d))


def builds(n):
    out = None
    o = object()
    base = sys.getrefcount(o)
    for i in range(n):
        out = ({}, {'a': i, 'b': o}, {i: o, o: i}, {i, 2, o}, {'x': 1, 'y': 2, 'z': [i]})
        d = {k: v for k, v in out[1].items()}
        s = {x % 3 for x in range(i)}
        e = {(i, o): 1}
        if i < n - 3:
            continue
        try:
            {[]: 1}
        except TypeError as er:
            m = str(er)
        try:
            {1, [o]}
        except TypeError as er:
            m2 = str(er)
    out = None
    return (len(d), len(s), m, m2, sys.getrefcount(o) - base)


def functions(n):
    r = 0
    for i in range(n):

        def h(x, y=i, *, z=2) -> int:
            return x + y + z + i
        k = lambda q: q * i
        r += h(1) + h(1, 2, z=3) + k(2)
    return (r, h.__defaults__, h.__kwdefaults__, h.__annotations__, h.__qualname__, sys.getrefcount(h))


def dels(n):
    r = 0

    class A:
        pass
    a = A()
    for i in range(n):
        x = i
        a.y = x
        del a.y
        del x
        if i < n - 3:
            continue
        try:
            x
        except UnboundLocalError as e:
            m = str(e)
        try:
            del a.y
        except AttributeError as e:
            m2 = str(e)
        r += hasattr(a, 'y')
    return (r, m, m2)


def unb(n):
    r = 0
    for i in range(n):
        y = 5
        if i > n - 9:
            del y
        z = i
        del z
        try:
            del y
        except UnboundLocalError as e:
            r += 1
    return r


def bound(n):
    log = []
    c = CM(log)
    r = c.__enter__
    q = None
    for i in range(n):
        q = r()
    return (q is c, len(log), sys.getrefcount(c), sys.getrefcount(r))
N = 300
print(withs(N))
print(locks(N))
print(bad(N, NoExit), bad(N, NoEnter), bad(N, BadEnter))
print(ret(N))
print(starred(N))
print(builds(N))
print(functions(N))
print(dels(N), unb(N), bound(N))
