"""The start below LIMIT whose Collatz sequence is longest, its length, and the sum of all lengths.

usage: collatz.py [LIMIT]
"""
import sys


def length(n):
    steps = 1
    while n != 1:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def main(limit):
    best = 0
    longest = 0
    total = 0
    for start in range(1, limit):
        steps = length(start)
        total += steps
        if steps > longest:
            longest = steps
            best = start
    print(best, longest, total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150_000)
