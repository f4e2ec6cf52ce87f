"""What the measured cells do. A kernel runs this text as its first cell.

``call_heavy`` is the worst case for every tracing profiler: nearly all of its time is spent in
calls of functions that do next to nothing. ``realistic`` is what notebooks do with the standard
library: make, parse, group, sort and format text. Both do the same work in every run.
"""

import json
import pathlib
import re
import statistics
import textwrap

LINE = re.compile(r"(?P<day>\S+) (?P<level>[A-Z]+) (?P<path>\S+) took (?P<ms>\d+) ms: (?P<text>.*)")
WORDS = ["connection", "reset", "by", "peer", "while", "the", "cache", "was"]


class Counter:
    def __init__(self):
        self.total = 0

    def add(self, number):
        self.total += clamp(number)


def clamp(number):
    return min(number, 9)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def call_heavy(turns=500_000):
    """About 1 900 000 calls."""
    counter = Counter()
    for number in range(turns):
        counter.add(number)
    return counter.total + fib(26)


def log_lines(count):
    state = 1
    for number in range(count):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        words = " ".join(WORDS[state >> shift & 7] for shift in range(3, 27, 3))
        level = "WARNING" if state & 0x700 else "ERROR"
        path = f"/srv/app/{state % 7}/part-{state % 11}/file{number % 301}.json"
        yield f"2026-03-{number % 28 + 1:02} {level} {path} took {state % 4000} ms: {words}"


def parse(lines):
    records = []
    for line in lines:
        found = LINE.fullmatch(line)
        if found:
            record = found.groupdict()
            record["ms"] = int(record["ms"])
            records.append(record)
    return records


def by_folder(records):
    groups = {}
    for record in records:
        folder = str(pathlib.PurePosixPath(record["path"]).parent)
        groups.setdefault(folder, []).append(record)
    return groups


def summary(folder, records):
    times = [record["ms"] for record in records]
    slowest = sorted(records, key=lambda record: (-record["ms"], record["path"]))[:20]
    text = " ".join(record["text"] for record in slowest)
    return {
        "folder": folder,
        "mean": statistics.fmean(times),
        "median": statistics.median(times),
        "spread": statistics.pstdev(times),
        "worst": [record["path"] for record in slowest],
        "report": textwrap.fill(text, 72),
    }


def realistic(lines=90_000):
    """A report on a log, about a second."""
    records = json.loads(json.dumps(parse(log_lines(lines))))
    groups = by_folder(records)
    report = [summary(folder, groups[folder]) for folder in sorted(groups)]
    return len(json.dumps(report, indent=1))
