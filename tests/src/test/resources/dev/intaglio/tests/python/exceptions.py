"""Exceptions out of hot code: handlers of the same frame, tracebacks with their lines, errors of each kind."""
import traceback


def divide(values, by):
    total = 0.0
    for v in values:
        total += v / by
        by -= 1.0
    return total


def caught(n):
    errors = 0
    for i in range(n):
        try:
            x = 10 // (i % 50)
        except ZeroDivisionError:
            errors += 1
            x = 0
    return errors, x


def unbound(n):
    for i in range(n):
        if i == n - 1:
            del y
        else:
            y = i
    return y


def late(n):
    for i in range(n):
        if i > 500:
            return missing_name + i
    return 0


def finalized(n):
    log = []
    for i in range(n):
        try:
            if i == 300:
                raise ValueError(i)
        finally:
            log.append(i)
    return log


def index(items, n):
    s = 0
    for i in range(n):
        s += items[i]
    return s


class Odd:
    def __add__(self, other):
        raise RuntimeError("odd add")

    def __bool__(self):
        raise RuntimeError("odd truth")


def add_all(values):
    s = 0
    for v in values:
        s = v + s
    return s


def truth(values):
    n = 0
    for v in values:
        if v:
            n += 1
    return n


def attempt(function, *arguments):
    for _ in range(3):
        try:
            print(function.__name__, function(*arguments))
        except Exception:
            print(traceback.format_exc().replace(__file__, "FILE"))


attempt(divide, [1.0] * 400, 399.0)
attempt(divide, [1.0] * 400, 1000.0)
attempt(caught, 1000)
attempt(unbound, 500)
attempt(late, 1000)
attempt(finalized, 500)
attempt(index, list(range(400)), 401)
attempt(index, list(range(400)), 400)
attempt(index, tuple(range(400)), 401)
attempt(add_all, [1] * 300 + [Odd()])
attempt(add_all, [1] * 300 + [2.5] * 300 + ["x"])
attempt(truth, [1] * 300 + [Odd()])
attempt(truth, [1, 0, None, "", "x", [], 0.0, 2.5] * 100)
