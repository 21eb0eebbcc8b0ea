"""Threads whose loops give each other turns, locks, and exceptions that come from outside."""
import ctypes
import sys
import threading
import time
import traceback

stop = False
shared = 0


def spin(counts, index):
    n = 0
    while not stop:
        n += 1
    counts[index] = n


def starved(threads):
    """Endless loops, ended by a flag that another thread sets."""
    global stop
    stop = False
    counts = [0] * threads
    workers = [threading.Thread(target=spin, args=(counts, i)) for i in range(threads)]
    for worker in workers:
        worker.start()
    time.sleep(0.2)
    stop = True
    for worker in workers:
        worker.join()
    return all(count > 0 for count in counts)


def add(n, lock):
    global shared
    for _ in range(n):
        with lock:
            shared += 1


def locked(n):
    global shared
    shared = 0
    lock = threading.Lock()
    workers = [threading.Thread(target=add, args=(n, lock)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return shared


def work(n, seed):
    x = seed
    y = 0.5
    items = [0] * 16
    for i in range(n):
        x = (x * 1103515245 + 12345) % 2147483648
        y = y * 0.99 + x / 2147483648
        items[x & 15] += 1
    return x, y, sum(items)


def same_in_all(n):
    """Each thread computes what it would compute alone."""
    results = [None] * 4

    def run(index):
        results[index] = work(n, 7)

    workers = [threading.Thread(target=run, args=(i,)) for i in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results.count(work(n, 7)), results[0]


class Stopped(Exception):
    pass


def stopped_from_outside():
    outcome = []
    started = threading.Event()

    def run():
        n = 0
        started.set()
        try:
            while True:
                n += 1
        except Stopped:
            outcome.append("stopped")

    worker = threading.Thread(target=run)
    worker.start()
    started.wait()
    time.sleep(0.05)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(Stopped))
    worker.join()
    return outcome


def frames_of_others():
    ready = threading.Event()
    end = []

    def busy():
        n = 0
        ready.set()
        while not end:
            n += 1

    worker = threading.Thread(target=busy)
    worker.start()
    ready.wait()
    names = set()
    for _ in range(20):
        frame = sys._current_frames()[worker.ident]
        names.add(frame.f_code.co_name)
        time.sleep(0.001)
    end.append(1)
    worker.join()
    return "busy" in names


def deep_in_thread():
    def recurse(n):
        return recurse(n + 1) + 1

    outcome = []

    def run():
        try:
            recurse(0)
        except RecursionError as e:
            outcome.append(str(e))

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()
    return outcome


def uncaught():
    def fails():
        total = 0
        for i in range(500):
            total += 1 // (499 - i)

    threading.excepthook = lambda args: traceback.print_exception(args.exc_value.with_traceback(args.exc_traceback.tb_next.tb_next))
    worker = threading.Thread(target=fails, name="failing")
    worker.start()
    worker.join()


def local_data(n):
    data = threading.local()
    seen = []

    def run(k):
        data.value = k
        for _ in range(n):
            data.value += 1
        seen.append(data.value - k)

    workers = [threading.Thread(target=run, args=(k,)) for k in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return seen


sys.setswitchinterval(0.0005)
print(starved(3), locked(3000), same_in_all(20000))
print(stopped_from_outside(), frames_of_others(), deep_in_thread(), local_data(2000))
uncaught()
