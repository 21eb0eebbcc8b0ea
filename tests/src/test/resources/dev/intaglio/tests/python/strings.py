"""Sums of strings that replace their left operand, which grows in place where nobody else holds it."""
import sys


def grow(n):
    s = ''
    keep = []
    for i in range(n):
        s += 'ab'
        if i % 1000 == 0:
            keep.append(s)
        t = s
        s = s + 'é' if i % 7 == 0 else s
    return len(s), [len(k) for k in keep][:5], len(t), sys.getrefcount(s)


def mixed(n):
    s = ''
    for i in range(n):
        if i == n // 2:
            s = []
        s += 'ab'
    return s[:3], len(s)


class S(str):
    def __add__(self, o):
        return S(str.__add__(self, o))


def sub(n):
    s = S('x')
    for i in range(n):
        s += 'y'
    return type(s).__name__, len(s)


def other(n):
    s = 'a'
    for i in range(n):
        u = s + 'b'
        s = u
    return len(s), u is s


def bad(n):
    s = 'a'
    try:
        for i in range(n):
            s += 'b' if i < n - 1 else 5
    except TypeError as e:
        return str(e), len(s)
print(grow(20000), mixed(1000), sub(1000), other(1000), bad(1000))


def many(n):
    """A million appends take no time unless each copies."""
    s = ""
    for i in range(n):
        s += "ab"
    return len(s)


print(many(1000000))
