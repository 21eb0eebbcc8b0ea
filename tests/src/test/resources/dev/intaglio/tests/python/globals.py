"""Globals that hot code writes and reads, also of changing types, and list displays of constants."""
total = 0
names = []


def count(n):
    global total
    for i in range(n):
        total += i
        if i == n // 2:
            total = total + 0.5
    return total


def displays(n):
    r = None
    for i in range(n):
        r = [1, 2.5, "three", None]
        r[0] += i
        s = [*r, i]
    return r, s


def shadowed(n):
    global len
    s = 0
    for i in range(n):
        s += len("abc")
        if i == 400:
            len = lambda text: 100
    del len
    return s


for _ in range(3):
    print(count(700), displays(500), shadowed(900))
