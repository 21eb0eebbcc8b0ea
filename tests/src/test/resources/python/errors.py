"""Exceptions out of loops: their tracebacks, their chains, handlers, finally, with, and unwinding in expressions."""
import sys
import traceback


def report(function, *args):
    try:
        print(function.__name__, args, "->", function(*args))
    except BaseException:
        print(function.__name__, args, "raised")
        traceback.print_exc()


def divide(count):
    total = 0
    for i in range(count):
        total += 100 // (150 - i)
    return total


def divide_floats(count):
    total = 0.0
    x = 150.0
    for i in range(count):
        total += 1.0 / x
        x -= 1.0
    return total


def modulo(count):
    total = 0
    for i in range(count):
        total += (
            i
            + 7 % (3000
                   - i)
        )
    return total


def index(items, count):
    total = 0
    for i in range(count):
        total += items[i]
    return total


def key(table, count):
    total = 0
    for i in range(count):
        total += table[i]
    return total


def types(values):
    total = 0
    for value in values:
        total = total + value
    return total


def attribute(values):
    total = 0
    for value in values:
        total += value.real
    return total


def missing_name(count):
    total = 0
    for i in range(count):
        if i == count - 1:
            total += no_such_name
    return total


def unbound(count):
    for i in range(count):
        if i > 500:
            del late
        if i > 501:
            return late
        late = i
    return late


def unbound_after_empty_loop(count):
    for i in range(count):
        pass
    return i


def free_unbound(count):
    def inner():
        return cell

    total = 0
    for i in range(count):
        if i == 700:
            del cell
        else:
            cell = i
        total += inner()
    return total


def chained(count):
    for i in range(count):
        try:
            if i == count - 1:
                {}["key"]
        except KeyError as e:
            raise ValueError("chained %d" % i) from e


def context(count):
    for i in range(count):
        try:
            try:
                [][i]
            except IndexError:
                if i == 400:
                    1 / 0
        finally:
            i += 1


def swallow(count):
    caught = 0
    for i in range(count):
        try:
            if i % 3 == 0:
                raise ValueError(i)
            if i % 3 == 1:
                int("x")
        except ValueError as e:
            caught += len(e.args)
        else:
            caught += 1000
        finally:
            caught += 1
    return caught, "e" in locals()


def finally_returns(count):
    for i in range(count):
        try:
            if i == 300:
                raise KeyError(i)
        finally:
            if i == 300:
                return "swallowed"


def finally_continues(count):
    seen = 0
    for i in range(count):
        try:
            if i % 2:
                continue
            if i == 801 - 1:
                break
        finally:
            seen += i
    return seen


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow
        self.log = []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.log.append(kind and kind.__name__)
        return self.swallow


def managed(count, swallow):
    manager = Manager(swallow)
    for i in range(count):
        with manager as m:
            if i % 100 == 99:
                raise LookupError(i)
    return len(m.log), m.log[98:101]


def unpack(pairs):
    total = 0
    for a, b in pairs:
        total += a * b
    return total


def unpack_stars(rows):
    result = []
    for first, *rest in rows:
        result.append((first, len(rest)))
    return result[-1]


def call_wrong(count):
    total = 0
    for i in range(count):
        total += divide(1, i) if i == 900 else divide(1)
    return total


def keyword_wrong(count):
    total = 0
    for i in range(count):
        total += divide(count=1) if i < 900 else divide(counts=1)
    return total


def not_callable(things):
    for thing in things:
        thing()


class Odd(Exception):
    def __str__(self):
        return "odd of " + repr(self.args)


def deep_raise(n):
    if n == 0:
        raise Odd(1, 2)
    for i in range(3):
        if i == 2:
            return deep_raise(n - 1) + 1
    return 0


def recurse(n):
    return recurse(n + 1) + 1


def recurse_in_loop(n):
    total = 0
    for i in range(2):
        total += recurse_in_loop(n + 1)
    return total


def depth_of(function):
    try:
        function(0)
    except RecursionError as e:
        frames = 0
        trace = e.__traceback__
        while trace is not None:
            frames += 1
            trace = trace.tb_next
        return frames, str(e)


def assertion(values):
    for value in values:
        assert value > 0, f"{value} is not positive"


def stop(count):
    it = iter(range(count))
    total = 0
    while True:
        total += next(it)


def groups(count):
    try:
        errors = []
        for i in range(count):
            errors.append(ValueError(i) if i % 2 else TypeError(i))
        raise ExceptionGroup("several", errors)
    except* ValueError as group:
        print("values", group.exceptions)


def reraise(count):
    saved = None
    for i in range(count):
        try:
            try:
                raise ValueError(i)
            except ValueError as e:
                saved = e
                raise
        except ValueError as again:
            same = again is saved
    return same, saved.args, saved.__context__


def add_notes(count):
    for i in range(count):
        try:
            [].pop()
        except IndexError as e:
            e.add_note("in round %d" % i)
            if i == 200:
                raise


def exception_in_middle(count):
    """The operands that wait on the stack are given up."""
    before = sys.getrefcount(marker)
    caught = 0
    for i in range(count):
        try:
            [marker, (marker, marker + (i // (i % 2))), marker]
        except (ZeroDivisionError, TypeError):
            caught += 1
    return caught, sys.getrefcount(marker) - before


class Marker:
    pass


marker = Marker()


def exc_info_in_loop(count):
    states = set()
    for i in range(count):
        states.add(sys.exc_info()[0])
        try:
            raise OSError(i)
        except OSError:
            states.add(sys.exc_info()[0])
    return sorted(map(str, states))


def compare_wrong(values):
    smallest = values[0]
    for value in values:
        if value < smallest:
            smallest = value
    return smallest


def main():
    report(divide, 150)
    report(divide, 151)
    report(divide_floats, 150)
    report(divide_floats, 151)
    report(modulo, 3001)
    report(index, list(range(300)), 300)
    report(index, list(range(300)), 301)
    report(index, tuple(range(300)), 301)
    report(index, "x" * 3, 1)
    report(key, dict.fromkeys(range(300), 3), 301)
    report(types, [1, 2, 3] * 100 + ["four"])
    report(types, [1.5] * 200 + [None])
    report(attribute, [1, 2.5, True, 4j] * 100 + ["text"])
    report(missing_name, 500)
    report(unbound, 1000)
    report(unbound_after_empty_loop, 0)
    report(free_unbound, 1000)
    report(chained, 300)
    report(context, 500)
    report(swallow, 600)
    report(finally_returns, 500)
    report(finally_continues, 2000)
    report(managed, 300, True)
    report(managed, 300, False)
    report(unpack, [(1, 2)] * 200)
    report(unpack, [(1, 2)] * 200 + [(1, 2, 3)])
    report(unpack, [(1, 2)] * 200 + [[4, 5], "x"])
    report(unpack, [(1, 2)] * 200 + [7])
    report(unpack_stars, [(1, 2, 3)] * 100 + [""])
    report(call_wrong, 1000)
    report(keyword_wrong, 1000)
    report(not_callable, [int] * 300 + [3])
    report(deep_raise, 6)
    report(assertion, list(range(400, -1, -1)))
    report(stop, 400)
    report(groups, 3)
    report(reraise, 300)
    report(add_notes, 300)
    report(exception_in_middle, 1000)
    report(exc_info_in_loop, 200)
    report(compare_wrong, [3.5] * 300 + [2, 1 << 80, None])
    print(depth_of(recurse), depth_of(recurse_in_loop))
    sys.setrecursionlimit(20000)
    print(depth_of(recurse), depth_of(recurse_in_loop))


main()
