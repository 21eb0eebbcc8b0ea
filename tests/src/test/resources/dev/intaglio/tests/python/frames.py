"""What looks at frames from outside: locals(), sys._getframe, tracing, profiling, recursion, generators, closures."""
import sys
import threading


def spy():
    frame = sys._getframe(1)
    return frame.f_lineno - frame.f_code.co_firstlineno, {k: v for k, v in frame.f_locals.items() if k != "seen"}


def watched(n):
    seen = []
    x = 0.0
    for i in range(n):
        x = x + 0.5
        y = i * 2
        if i % 100 == 99:
            seen.append(spy())
    return seen


def own_locals(n):
    x = 1.0
    for i in range(n):
        x *= 1.5
        x -= 0.25
        if i == n - 1:
            return sorted(locals().items())


def keep_frame(n):
    frame = sys._getframe()
    s = 0.0
    for i in range(n):
        s += 1.5
    return frame


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def endless(n):
    return endless(n + 1) + 1


def squares(n):
    for i in range(n):
        yield i * i


def consume(n):
    s = 0
    for v in squares(n):
        s += v
    return s


def counter():
    count = 0

    def up(n):
        nonlocal count
        for _ in range(n):
            count += 1
        return count

    return up


def traced(n):
    s = 0
    for i in range(n):
        s += i
    return s


def tracer(frame, event, argument):
    if frame.f_code is traced.__code__:
        events.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


def switch_on(n):
    s = 0
    for i in range(n):
        s += i
        if i == 400:
            sys.setprofile(profiler)
            len("abc")
    sys.setprofile(None)
    return s


def profiler(frame, event, argument):
    profile.append((event, getattr(argument, "__name__", None)))


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def deletions(n):
    keep = None
    for i in range(n):
        keep = Noisy(i)
        other = Noisy(-i)
        other = 1.5 * i
    return other


def work(results, k):
    s = 0
    for i in range(20000):
        s += i * k
    results[k] = s


events, log, profile = [], [], []
for _ in range(3):
    print(watched(500))
    print(own_locals(300))
    print(sorted((k, v) for k, v in keep_frame(200).f_locals.items() if k != "frame"))
    print(depth(500), consume(1000))
    try:
        endless(0)
    except RecursionError as e:
        print(type(e).__name__, e)
    up = counter()
    print(up(300), up(200))
    sys.settrace(tracer)
    traced(4)
    sys.settrace(None)
    print(events)
    events.clear()
    print(switch_on(1000), profile)
    profile.clear()
    print(deletions(200), len(log), log[:6], log[-3:])
    log.clear()
    results = {}
    threads = [threading.Thread(target=work, args=(results, k)) for k in range(5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(sorted(results.items()))
