"""Asks DuckDB, SQLite and PostgreSQL what `cargo bench --bench beside` has asked the index, and compares every answer.

    compare.py WORK     (the folder of the benchmark)

Prints a table in Markdown; fails if a cell of a matrix or a number of hits differs. Topics and regions are small numbers
in the tables, *open* is a column of its own, and words come as the stems of the index: what a careful person would do in
each of them, and the same words for all.
"""

import pathlib
import sys

import with_duckdb
import with_postgres
import with_sqlite
from questions import Questions


def main():
    work = pathlib.Path(sys.argv[1])
    questions = Questions(work)
    engines = {}
    for engine in (with_duckdb, with_sqlite, with_postgres):
        print(f"{engine.NAME} …", file=sys.stderr, flush=True)
        answered = engine.ask(questions)
        if answered is not None:
            engines[engine.NAME] = answered
    print(f"{questions.messages} messages, {questions.texts}, {len(questions.pairs)} pairs of words\n")
    print("| | here | tantivy alone |" + "".join(f" {name} |" for name in engines))
    print("|---|---|---|" + "---|" * len(engines))
    for line in questions.times:
        others = [line["tantivy"], *(engine.get(line["question"]) for engine in engines.values())]
        print(f"| {line['title']} | {milliseconds(line['here'])} |" + "".join(f" {beside(line['here'], it)} |" for it in others))
    own = questions.bytes["here"]
    sizes = [questions.bytes["tantivy"], *(engine.get("bytes") for engine in engines.values())]
    print(f"| bytes a message, without the text | {own:.0f} |" + "".join(f" {size(own, it)} |" for it in sizes))
    print(f"\nEqual everywhere: {questions.compared} cells and numbers of hits")


def milliseconds(value):
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.1f} ms" if value >= 10 else f"{value:.2f} ms"


def beside(own, other):
    if other is None:
        return ""
    ratio = other / own
    return f"{milliseconds(other)} ({ratio:,.0f}x)" if ratio >= 10 else f"{milliseconds(other)} ({ratio:.1f}x)"


def size(own, other):
    return "" if other is None else f"{other:.0f} ({other / own:.1f}x)"


main()
