"""Ctrl-C inside hot loops of several kinds, and handlers that run there."""
import os
import signal
import threading

# A process started in the background of a shell ignores SIGINT, and so would this one.
signal.signal(signal.SIGINT, signal.default_int_handler)


def kill_soon():
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()


def endless_while():
    n = 0
    while True:
        n += 1


def endless_float():
    x = 0.5
    while x > 0.0:
        x = x * 0.5 + 0.25


def endless_for():
    total = 0
    for i in range(1 << 62):
        total ^= i


def endless_calls():
    def step(x):
        return x + 1

    x = 0
    while True:
        x = step(x)


def endless_if():
    n = 0
    while True:
        if n & 1:
            n += 1
            continue
        n += 3


def interrupted(function):
    kill_soon()
    try:
        function()
    except KeyboardInterrupt as e:
        return function.__name__, e.__traceback__.tb_next.tb_frame.f_code.co_name


def itself(n):
    """Signals itself: the interrupt comes before the loop has gone round again."""
    rounds = 0
    try:
        for i in range(n):
            rounds += 1
            if i == n // 2:
                os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        return n // 2 < rounds <= n // 2 + 2


def handled(n):
    seen = []
    old = signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(frame.f_code.co_name))
    try:
        total = 0
        for i in range(n):
            total += i
            if i % (n // 4) == 1:
                os.kill(os.getpid(), signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, old)
    return total, seen


def alarmed():
    class Alarm(Exception):
        pass

    def ring(number, frame):
        raise Alarm(frame.f_locals["n"] > 0)

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    n = 0
    try:
        while True:
            n += 1
    except Alarm as alarm:
        return alarm.args
    finally:
        signal.signal(signal.SIGALRM, old)


for function in (endless_while, endless_float, endless_for, endless_calls, endless_if):
    print(interrupted(function))
print(itself(10), itself(2000), handled(8), handled(4000), alarmed())
