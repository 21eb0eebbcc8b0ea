"""What looks at frames while code runs: sys._getframe, locals, tracing, profiling, inspect, line numbers."""
import inspect
import sys
import traceback


def where(n):
    lines = set()
    for i in range(n):
        lines.add(sys._getframe().f_lineno)
        if i % 2:
            lines.add(
                sys._getframe()
                .f_lineno
            )
    return sorted(lines)


def caller_line():
    return sys._getframe(1).f_lineno, sys._getframe(1).f_code.co_name


def calls_from_lines(n):
    seen = set()
    for i in range(n):
        seen.add(caller_line())
        x = [
            caller_line(),
            caller_line(),
        ]
        seen.update(x)
    return sorted(seen)


def look_at_locals(n):
    x = 0.5
    total = 0
    seen = []
    for i in range(n):
        x = x * 1.5 % 10.0
        total += i
        if i % (n // 3) == 0:
            here = dict(locals())
            here.pop("seen")
            here.pop("here", None)
            seen.append(here)
    return seen


def peek():
    return dict(sys._getframe(1).f_locals)


def looked_at(n):
    y = 1.25
    k = 0
    seen = []
    for i in range(n):
        y = y + 0.25
        k = k + i * 3
        if i > n - 3:
            seen.append({name: value for name, value in peek().items() if name != "seen"})
    return seen


def deleted(n):
    seen = []
    for i in range(n):
        temporary = i * 1.5
        if i % 2:
            del temporary
        if i > n - 3:
            seen.append(sorted(locals()))
    return seen


def callers(depth):
    if depth == 0:
        return [(f.function, f.lineno, (f.code_context or ["?"])[0].strip()) for f in inspect.stack()]
    for i in range(2):
        if i == 1:
            return callers(depth - 1)


def stack_summary(n):
    for i in range(n):
        if i == n - 1:
            return [(f.name, f.lineno) for f in traceback.extract_stack()]


def back_chain():
    names = []
    frame = sys._getframe()
    while frame is not None:
        names.append((frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    return names


def chained_through_c(n):
    result = None
    for i in range(n):
        result = list(map(lambda x: back_chain(), [1]))
    return result


def kept_frame(n):
    kept = []
    z = 0.75
    for i in range(n):
        z += 0.5
        if i == n // 2:
            kept.append(sys._getframe())
    return kept[0]


def traced_work(n):
    total = 0
    for i in range(n):
        if i % 2:
            total += i
        else:
            total -= 1
    return total


def inner(x):
    return x + 1


def traced_calls(n):
    total = 0
    for i in range(n):
        total = inner(total)
    return total


def traced_raise(n):
    for i in range(n):
        try:
            if i == n - 1:
                raise ValueError(i)
        except ValueError:
            return "caught"


def trace(function, *args):
    events = []
    start = function.__code__.co_firstlineno

    def tracer(frame, event, arg):
        if frame.f_code.co_filename != __file__:
            return None
        events.append((frame.f_code.co_name, event, frame.f_lineno - start, arg if event == "return" else None))
        return tracer

    sys.settrace(tracer)
    try:
        result = function(*args)
    finally:
        sys.settrace(None)
    return result, events


def profile(function, *args):
    events = []

    def profiler(frame, event, arg):
        name = arg.__name__ if event.startswith("c_") else frame.f_code.co_name
        events.append((event, name))

    sys.setprofile(profiler)
    try:
        result = function(*args)
    finally:
        sys.setprofile(None)
    return result, events


def traced_from_within(n):
    """Tracing begins in the middle of a loop that is hot already."""
    lines = []

    def tracer(frame, event, arg):
        lines.append((frame.f_code.co_name, event))
        return tracer

    total = 0
    for i in range(n):
        if i == n - 4:
            sys.settrace(tracer)
            sys._getframe().f_trace = tracer
        total += inner(i)
    sys.settrace(None)
    return total, lines


def profiled_from_within(n):
    events = []
    total = 0
    for i in range(n):
        if i == n - 4:
            sys.setprofile(lambda frame, event, arg: events.append((event, frame.f_code.co_name)))
        total += inner(i)
        total += abs(-1)
    sys.setprofile(None)
    return total, events


class SetsTrace:
    def __init__(self, tracer):
        self.tracer = tracer

    @property
    def value(self):
        sys.settrace(self.tracer)
        sys._getframe(1).f_trace = self.tracer
        return 1


def traced_by_property(n):
    lines = []

    def tracer(frame, event, arg):
        lines.append((frame.f_code.co_name, event))
        return tracer

    total = 0
    setter = SetsTrace(tracer)
    for i in range(n):
        if i == n - 3:
            total += setter.value
        total += 2
    sys.settrace(None)
    return total, lines


def jump_by_tracer(n):
    """A tracer sets f_lineno of a frame that would run compiled code."""
    def tracer(frame, event, arg):
        if event == "line" and frame.f_code is target.__code__:
            if frame.f_lineno == target.__code__.co_firstlineno + 3 and frame.f_locals["i"] == n - 2:
                frame.f_lineno = target.__code__.co_firstlineno + 4
        return tracer

    def target():
        a = b = 0
        for i in range(n):
            a += 1
            b += 1
        return a, b

    plain = target()
    sys.settrace(tracer)
    try:
        return plain, target()
    finally:
        sys.settrace(None)


def variables_of_traceback(n):
    def fails(limit):
        x = 0.5
        count = 0
        for i in range(limit):
            x = x + 1.0
            count = count + 2
            if i == limit - 1:
                return x // (count - count)

    try:
        fails(n)
    except ZeroDivisionError as e:
        frame = e.__traceback__.tb_next.tb_frame
        return sorted(frame.f_locals.items()), e.__traceback__.tb_next.tb_lineno - fails.__code__.co_firstlineno


def positions(n):
    try:
        for i in range(n):
            value = (i + 1) / (i + 2) + 3 / (n - 1 - i) * (i - 4)
    except ZeroDivisionError as e:
        code = e.__traceback__.tb_frame.f_code
        return list(code.co_positions())[e.__traceback__.tb_lasti // 2][2:]


def generator_frames(n):
    def g():
        for i in range(n):
            yield sys._getframe().f_back.f_code.co_name, i

    names = set()
    for name, i in g():
        names.add(name)
    return names


def eval_in_loop(n):
    a = 3
    total = 0
    for i in range(n):
        total += eval("a * i")
        exec("unused = a")
    return total, "unused" in locals()


def main():
    for n in (9, 600):
        print(where(n), calls_from_lines(n))
        print(look_at_locals(n), looked_at(n), deleted(n))
        print(callers(3), stack_summary(n))
        print(chained_through_c(n), back_chain())
        frame = kept_frame(n)
        print({k: v for k, v in frame.f_locals.items() if k != "kept"}, frame.f_lineno)
        print(variables_of_traceback(n), positions(n), generator_frames(n), eval_in_loop(n))
    for function in (traced_work, traced_calls, traced_raise):
        for _ in range(3):
            print(trace(function, 4))
        function(3000)
        print(trace(function, 4))
        print(profile(function, 3), function(100))
    print(traced_from_within(10), traced_from_within(500))
    print(profiled_from_within(10), profiled_from_within(500))
    print(traced_by_property(8), traced_by_property(500))
    print(jump_by_tracer(6), jump_by_tracer(500))


main()
