"""What is asked, what must be answered, and how it is timed: the same for all engines."""

import json
import pathlib
import statistics
import sys
import time

# A question is asked so often, or until it has taken so many seconds; the middle time counts.
MATRIX_RUNS = 11
PAIR_RUNS = 3
PATIENCE = 1.0

MATRIX = """select category, region, count(*), count(*) filter (where open), count(*) filter (where open and due <= {now}),
  count(mark), coalesce(sum(mark), 0) from {tables} group by category, region"""


class Questions:
    """The answers of the index, in the folder of its benchmark."""

    def __init__(self, work):
        self.work = work
        self.table = work / "messages.csv"
        with open(work / "answers.json", encoding="utf-8") as file:
            answers = json.load(file)
        self.messages, self.texts, self.times = answers["messages"], answers["texts"], answers["times"]
        self.bytes = dict(answers["bytes"])
        self.now, self.since, self.word, self.pairs = answers["now"], answers["from"], answers["word"], answers["pairs"]
        self.cells = {question: {tuple(cell[:2]): tuple(cell[2:]) for cell in answers[question]} for question in ("all", "with_word")}
        self.compared = 0

    def matrix(self, tables="messages"):
        return MATRIX.format(now=self.now, tables=tables)

    def check_matrix(self, engine, question, rows):
        expected = self.cells[question]
        found = {(row[0], row[1]): tuple(int(number) for number in row[2:]) for row in rows}
        for cell in found.keys() | expected.keys():
            if found.get(cell) != expected.get(cell):
                sys.exit(f"{engine} counts {found.get(cell)} in {cell} of «{question}» and not {expected.get(cell)}")
        self.compared += len(expected)

    def search(self, engine, kind, count, best):
        """Times the 20 best of every pair and compares the number of all hits, which is not timed. `kind` is `both`, `narrow`
        or `either`; `count` and `best` are asked with a pair."""
        times = []
        for pair in self.pairs:
            if pair[kind] is None:
                continue
            took, rows = middle(lambda: best(pair), PAIR_RUNS)
            if (found := count(pair)) != pair[kind] or len(rows) != min(20, found):
                sys.exit(f"{engine} finds {found} of «{' '.join(pair['stems'])}» ({kind}), {len(rows)} on the page, and not {pair[kind]}")
            self.compared += 1
            times.append(took)
        times.sort()
        return {f"{kind}_p50": times[int(len(times) * 0.5)], f"{kind}_p99": times[int(len(times) * 0.99)]}


# Whose work is timed: this process, or the one that serves it.
processes = ["self"]


def waited():
    """Milliseconds for which they have waited for the core although they had work; 0 where Linux does not tell."""
    try:
        return sum(int(pathlib.Path(f"/proc/{process}/schedstat").read_text().split()[1]) for process in processes) / 1e6
    except FileNotFoundError:
        return 0.0


def middle(ask, runs=MATRIX_RUNS):
    """Milliseconds, and the answer. The time in which somebody else had the core does not count."""
    times, answer = [], None
    while len(times) < runs and (not times or sum(times) < PATIENCE * 1e3 or runs == MATRIX_RUNS):
        before, begun = waited(), time.perf_counter()
        answer = ask()
        times.append((time.perf_counter() - begun) * 1e3 - (waited() - before))
    return statistics.median(times), answer
