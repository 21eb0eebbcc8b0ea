"""Ends with an exception out of a hot loop, behind another."""
import atexit


class Failure(RuntimeError):
    pass


def work(count):
    total = 1.5
    for i in range(count):
        total = total / (2000 - i)
    return total


def rounds(count):
    for i in range(count):
        try:
            work(1000 + i * 500)
        except ZeroDivisionError as e:
            raise Failure(f"round {i}") from e


atexit.register(print, "at exit")
print("before")
rounds(10)
print("never")
