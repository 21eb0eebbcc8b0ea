"""The Mandelbrot set over a square of SIZE by SIZE points: how many belong to it, and a check sum of all escape times.

usage: mandelbrot.py [SIZE]
"""
import sys

LIMIT = 50


def escape_time(cr, ci):
    """The step at which the orbit of cr + ci*i leaves the circle of radius 2; LIMIT when it has not by then."""
    zr = zi = 0.0
    for step in range(LIMIT):
        rr = zr * zr
        ii = zi * zi
        if rr + ii > 4.0:
            return step
        zi = 2.0 * zr * zi + ci
        zr = rr - ii + cr
    return LIMIT


def main(size):
    inside = 0
    check = 0
    for y in range(size):
        ci = 2.0 * y / size - 1.0
        for x in range(size):
            time = escape_time(2.0 * x / size - 1.5, ci)
            if time == LIMIT:
                inside += 1
            check = (check * 31 + time) % 1_000_003
    print(inside, check)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
