"""Lists, tuples, strings, dictionaries and sets, read, written and changed inside loops."""
import traceback


def sums(items):
    total = 0
    for i in range(len(items)):
        total += items[i]
    for i in range(1, len(items) + 1):
        total -= items[-i] * 2
    return total


def writes(n):
    items = [0] * n
    for i in range(n):
        items[i] = i * i
        items[-1] = items[i - 1]
        items[i] += 1
        items[i], items[0] = items[0], items[i]
    return sum(items), items[:5], items[-3:]


def bubble(items):
    n = len(items)
    for i in range(n):
        for j in range(n - 1 - i):
            if items[j] > items[j + 1]:
                items[j], items[j + 1] = items[j + 1], items[j]
    return items


def matrix(n):
    a = [[i * n + j for j in range(n)] for i in range(n)]
    b = [[(i == j) * 2 + 0.5 for j in range(n)] for i in range(n)]
    c = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            total = 0
            for k in range(n):
                total += a[i][k] * b[k][j]
            c[i][j] = total
    return c[0][:3], c[-1][-3:], sum(map(sum, c))


def grows_while_iterated(n):
    items = [0]
    for item in items:
        if len(items) < n:
            items.append(item + 1)
    return len(items), items[-1]


def shrinks_while_iterated(n):
    items = list(range(n))
    seen = 0
    for item in items:
        seen += 1
        items.pop()
    return seen, len(items)


def replaced_while_iterated(n):
    items = list(range(n))
    seen = []
    for item in items:
        if item == n // 2:
            items[:] = [1, 2, 3]
        seen.append(item)
    return len(seen), seen[-1]


def removes_while_iterated(n):
    items = list(range(n))
    for item in items:
        if item % 2 == 0:
            items.remove(item)
    return len(items), items[:5]


def indexed_past_shrink(n):
    items = list(range(n))
    for i in range(n):
        if i == n - 3:
            items.clear()
        items[i]


def dict_grows(n):
    table = {i: i for i in range(n)}
    for k in table:
        table[k + n] = k


def dict_keys_change(n):
    table = {i: i for i in range(n)}
    for k in table:
        del table[k]
        table[k] = k
        table[-k - 1] = 0
        del table[-k - 1]


def set_grows(n):
    things = set(range(n))
    for k in things:
        things.add(k + n)


def slices(n):
    items = list(range(n))
    out = []
    for i in range(0, n, 7):
        out.append((items[i:i + 3], items[::-1][i:i + 1], items[-i:3], items[i::50], items[:i:29]))
    items[1:4] = "abcdef"
    del items[5:n:3]
    items[::2] = items[::2][::-1]
    return out[::9], items[:8], len(items), "text of letters"[3:-2:2], (1, 2, 3)[::-1], b"bytes"[1:3], range(50)[4:40:5]


def wrong_slices(n):
    results = []
    items = [1, 2, 3, 4]
    for i in range(n):
        try:
            if i % 3 == 0:
                items[::0]
            elif i % 3 == 1:
                items[0:4:2] = [1]
            else:
                items["x"]
        except (ValueError, TypeError) as e:
            results.append(str(e))
    return results[-3:]


def unpacking(n):
    total = 0
    a, b = 0, 1
    for i in range(n):
        a, b = b, (a + b) % 1000003
        (c, d), e = [(i, i + 1), i + 2]
        first, *middle, last = range(i % 5 + 2)
        [f, g, h] = (i, i, i)
        x, y = "xy"
        total += c + d + e + len(middle) + last + f + g + h
    return total, a, b, x, y


def unpack_kinds(n):
    total = 0
    for i in range(n):
        kind = i % 6
        source = ((1, 2), [3, 4], "ab", {5: 6, 7: 8}, iter([9, 10]), range(2))[kind]
        p, q = source
        if kind != 2:
            total += p * q
    return total


def dictionaries(n):
    counts = {}
    for i in range(n):
        k = i * 7919 % 31
        counts[k] = counts.get(k, 0) + 1
        if k not in counts or i % 100 == 99:
            counts.setdefault("rare", []).append(i)
    counts[1.0] = "replaced"
    del counts[2]
    merged = {**counts, "x": 1} | {"y": 2}
    return sorted((str(k), str(v)) for k, v in merged.items())[:12], len(merged), 30 in counts, 2 in counts


def strings(n):
    text = ""
    for i in range(n):
        text += chr(97 + i % 26)
        if i % 5 == 0:
            text += f"{i:>4}|{i!r}|{i / 3:.3f}|{text[-1]!s:<2}"
    pieces = []
    for i in range(n):
        pieces.append("%d-%s" % (i, i * "x"[:1]))
    joined = ",".join(pieces[:20])
    return len(text), text[-40:], joined, text.count("a"), "ü" * 3 + text[:2], text[5] < text[6]


def string_loop(text):
    vowels = 0
    words = {}
    for letter in text:
        if letter in "aeiou":
            vowels += 1
        words[letter] = words.get(letter, 0) + 1
    return vowels, sorted(words.items())[:6]


def mixed_subscripts(things):
    result = []
    for thing in things:
        for index in (0, -1, True):
            result.append(thing[index])
    return result


def list_subclass(n):
    class Doubling(list):
        def __getitem__(self, index):
            return list.__getitem__(self, index) * 2

        def __iter__(self):
            return iter([7, 8, 9])

        def __setitem__(self, index, value):
            list.__setitem__(self, index, value + 1)

    total = 0
    plain = [1, 2, 3]
    special = Doubling([1, 2, 3])
    for i in range(n):
        items = special if i % 10 == 9 else plain
        total += items[i % 3]
        items[1] = 5
        for x in items:
            total += x
    return total, plain, list.__repr__(special)


def big_indices(n):
    items = [1, 2, 3]
    caught = []
    for index in [0, 2, 3, -3, -4, 1 << 31, 1 << 62, 1 << 63, 1 << 64, -(1 << 31), -(1 << 62), -(1 << 63), -(1 << 70), 1.0,
                  None, "0", slice(1)]:
        for _ in range(n):
            try:
                result = items[index]
            except (IndexError, TypeError) as e:
                result = str(e)
            try:
                items[index] = items[index]
                stored = "stored"
            except (IndexError, TypeError) as e:
                stored = str(e)
        caught.append((result, stored))
    return caught


def aliases(n):
    row = [0, 0]
    rows = [row, row, [0, 0]]
    for i in range(n):
        for r in rows:
            r[0] += 1
            r[1] -= r[0]
    itself = []
    itself.append(itself)
    for _ in range(n):
        itself[0] = itself[0][0]
    return rows, itself


def enumerated(n):
    total = 0
    for i, (a, b) in enumerate(zip(range(n), range(n, 0, -1))):
        total += i * a - b
    for i, letter in enumerate("abc" * n, 5):
        total += i if letter == "b" else 0
    return total


def floats_in_lists(n):
    v = [0.0, 1.0, -1.0]
    w = [i / 8 for i in range(n)]
    for i in range(n):
        v[0] += w[i] * 0.5
        v[1] -= v[0] * 0.001
        v[2] = v[0] + v[1]
        if i == n - 2:
            v[0] = int(v[0])
    return v


def heap_sort(n):
    import heapq
    heap = []
    for i in range(n):
        heapq.heappush(heap, i * 7919 % 1009)
    out = []
    while heap:
        out.append(heapq.heappop(heap))
    return out == sorted(out), out[:5]


def main():
    for n in (9, 400):
        print(sums(list(range(n))), sums([i / 4 for i in range(n)]), sums(tuple(range(n))), sums(range(n)))
        print(writes(n), bubble([i * 37 % 101 for i in range(min(n, 80))])[:9], bubble([3, 1.5, 2, True]))
        print(matrix(n // 20 + 3))
        for case in (grows_while_iterated, shrinks_while_iterated, replaced_while_iterated, removes_while_iterated,
                     indexed_past_shrink, dict_grows, dict_keys_change, set_grows, slices, wrong_slices, unpacking,
                     unpack_kinds, dictionaries, strings, list_subclass, big_indices, aliases, enumerated,
                     floats_in_lists, heap_sort):
            try:
                print(case.__name__, n, case(n))
            except Exception:
                print(case.__name__, n, "raised")
                traceback.print_exc()
    print(string_loop("the quick brown fox jumps over the lazy dog" * 20))
    print(mixed_subscripts([[1, 2], (3, 4), "ab", b"cd", range(5, 9), [0.5, 1]] * 50)[::11])


main()
