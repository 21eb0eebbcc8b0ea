"""Random functions of loops over ints, floats, lists and their mixtures; prints what each computes.

usage: generated.py SEED COUNT
"""
import random
import sys

INTS = [0, 1, -1, 2, 3, -7, 10, 255, 256, 257, -5, -6, (1 << 30) - 1, 1 << 30, -(1 << 30), (1 << 31), (1 << 60) - 1, 1 << 60,
        (1 << 62), (1 << 63) - 1, -(1 << 63), 1 << 64, (1 << 53) + 1, -(1 << 53) - 1]
FLOATS = [0.0, -0.0, 0.5, 1.0, -1.5, 3.25, 1e300, -1e-300, 100.0, 0.1, 2.0**53, -(2.0**53), 2.0**60]
ARGUMENTS = [0, 1, 5, -3, 1 << 29, (1 << 61) + 1, 0.25, -2.5, 7.0, 2.0**60, (1 << 53) + 1]


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.names = ["a", "b", "c", "d"]
        self.loops = 0

    def line(self, depth, text):
        self.lines.append("    " * depth + text)

    def atom(self):
        kind = self.random.random()
        if kind < 0.62:
            return self.random.choice(self.names)
        if kind < 0.78:
            return repr(self.random.choice(INTS))
        if kind < 0.86:
            return repr(self.random.choice(FLOATS))
        if kind < 0.93:
            return "items[%s]" % self.random.choice(["0", "1", "-1", "n & 3", "-2"])
        return self.random.choice(["len(items)", "n", "step(a)", "K", "f", "abs(b)", "pair[0]"])

    def expression(self, depth):
        if depth == 0:
            return self.atom()
        kind = self.random.random()
        left = self.expression(depth - 1)
        right = self.expression(depth - 1 if self.random.random() < 0.5 else 0)
        if kind < 0.78:
            operator = self.random.choice(["+", "-", "*", "+", "-", "/", "//", "%", "**" if depth < 2 else "-"])
            if operator == "**":
                right = self.random.choice(["2", "-1", "0.5", "-1.5", "3"])
            elif operator in "//%" and self.random.random() < 0.8:
                right = f"({right} or {self.random.choice(['3', '-2', '0.5', '1 << 33'])})"
            return f"({left} {operator} {right})"
        if kind < 0.84:
            return f"(whole({left}) {self.random.choice(['&', '|', '^', '>>', '<<'])} {self.random.choice(['3', '17', '1', '29', '0'])})"
        if kind < 0.90:
            return f"(-{left})"
        if kind < 0.95:
            return f"({left} if {self.condition()} else {right})"
        return f"({left} {self.random.choice(['and', 'or'])} {right})"

    def condition(self):
        operators = ["<", "<=", "==", "!=", ">", ">="]
        text = f"{self.atom()} {self.random.choice(operators)} {self.expression(1)}"
        kind = self.random.random()
        if kind < 0.1:
            text += f" {self.random.choice(operators)} {self.atom()}"
        elif kind < 0.2:
            text = f"{text} {self.random.choice(['and', 'or'])} {self.atom()}"
        elif kind < 0.28:
            text = f"not ({text})"
        elif kind < 0.33:
            text = self.atom()
        return text

    def statement(self, depth, loops):
        kind = self.random.random()
        if kind < 0.42:
            name = self.random.choice(self.names)
            value = self.expression(self.random.randrange(1, 4))
            self.line(depth, f"{name} = {value}")
            if value.count("*") > 1:
                self.bound(depth, name)
        elif kind < 0.60:
            operator = self.random.choice(["+", "-", "*", "+", "-", "//", "%", "/"])
            self.line(depth, f"{self.random.choice(self.names)} {operator}= {self.expression(self.random.randrange(2))}")
        elif kind < 0.68:
            index = self.random.choice(["0", "1", "-1", "n & 3"])
            value = self.expression(1)
            self.line(depth, f"items[{index}] = tame({value})" if "*" in value else f"items[{index}] = {value}")
        elif kind < 0.72:
            x, y = self.random.sample(self.names, 2)
            self.line(depth, f"{x}, {y} = {y}, {self.expression(1)}")
        elif kind < 0.74:
            self.line(depth, f"pair = ({self.atom()}, {self.atom()})")
        elif kind < 0.76 and loops:
            self.line(depth, f"if n % 7 == {self.random.randrange(7)}:")
            self.line(depth + 1, self.random.choice(["continue", "break", "continue"]))
        elif kind < 0.79:
            name = self.random.choice(self.names)
            self.line(depth, f"del {name}")
            self.line(depth, f"{name} = {self.atom() if self.random.random() < 0.1 else self.random.choice(INTS)}")
        elif kind < 0.91 and depth < 6:
            self.line(depth, f"if {self.condition()}:")
            self.block(depth + 1, loops)
            if self.random.random() < 0.5:
                self.line(depth, "else:")
                self.block(depth + 1, loops)
        elif loops < 3 and depth < 6:
            self.loop(depth, loops)
        else:
            self.line(depth, f"{self.random.choice(self.names)} = tame({self.random.choice(self.names)})")

    def loop(self, depth, loops):
        self.loops += 1
        variable = self.random.choice(["i", "j", "k"])
        bound = [130, 6, 3][loops]
        kind = self.random.random()
        if kind < 0.5:
            self.line(depth, f"for {variable} in range({self.random.choice(['', '1, ', '-3, '])}{bound}):")
            self.line(depth + 1, "n += 1")
        elif kind < 0.65:
            self.line(depth, f"for {variable} in range({bound}, 0, -1):")
            self.line(depth + 1, f"n += 1; a += {variable}")
        elif kind < 0.8:
            self.line(depth, f"for f in [0.5, 1, 2.5, True] * {bound // 3}:")
            self.line(depth + 1, "n += 1")
        else:
            counter = f"w{self.loops}"
            self.line(depth, f"{counter} = {bound}")
            self.line(depth, f"while {counter} > 0:")
            self.line(depth + 1, f"{counter} -= 1; n += 1")
        self.block(depth + 1, loops + 1)
        for name in self.names:
            self.bound(depth + 1, name)
        if self.random.random() < 0.2:
            self.line(depth, "else:")
            self.block(depth + 1, loops)

    def bound(self, depth, name):
        """Lets no number grow from one iteration to the next: sometimes by a call, sometimes in place."""
        if self.random.random() < 0.6:
            self.line(depth, f"{name} = tame({name})")
        else:
            self.line(depth, f"if not -{1 << 62} < {name} < {1 << 62}: {name} = {name} % 1000003")

    def block(self, depth, loops):
        for _ in range(self.random.randrange(1, 5)):
            self.statement(depth, loops)

    def function(self):
        self.line(0, "def made(a, b, c, d):")
        self.line(1, "n = 0; f = 1.5; items = [1, 2.5, 3, -4.0]; pair = (1, 2)")
        self.line(1, "try:")
        self.loop(2, 0)
        self.loop(2, 0)
        self.line(1, "except (ArithmeticError, NameError, TypeError, ValueError) as e:")
        self.line(2, "return type(e).__name__, str(e), e.__traceback__.tb_lineno, n, show(locals())")
        self.line(1, "return n, show(locals())")
        return "\n".join(self.lines)


def whole(x):
    if isinstance(x, complex):
        return 5
    return int(x) if abs(x) < 1e300 else 3


def tame(x):
    """Keeps numbers from growing without end."""
    if isinstance(x, complex):
        return 1.5
    if isinstance(x, float):
        return x if abs(x) < 1e18 else 0.75
    return x if abs(x) < 1 << 66 else x % 1000003


def show(values):
    return {name: repr(value)[:60] for name, value in values.items() if name not in ("e", "n")}


def main(seed, count):
    choose = random.Random(seed)
    for number in range(seed, seed + count):
        source = Writer(number).function()
        space = {"tame": tame, "show": show, "whole": whole, "step": lambda x: x + 1, "K": 3}
        exec(compile(source, f"<{number}>", "exec"), space)
        for _ in range(3):
            arguments = [choose.choice(ARGUMENTS) for _ in range(4)]
            space["made"](*arguments)
            print(number, arguments, space["made"](*arguments))
            space["K"] = choose.choice(INTS + FLOATS)


if __name__ == "__main__":
    sys.set_int_max_str_digits(0)
    if len(sys.argv) == 3:
        main(int(sys.argv[1]), int(sys.argv[2]))
    else:
        print(Writer(int(sys.argv[1])).function())
