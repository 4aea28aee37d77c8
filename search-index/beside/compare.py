"""Asks DuckDB, SQLite and PostgreSQL what `cargo bench --bench index` asks the index, and compares every cell.

    compare.py MESSAGES.jsonl COUNTS.csv WORK

Prints the middle time of each question; fails if a cell differs. Topics and regions are small numbers in the tables, and
*open* is a column of its own: what a careful person would do in each of them.
"""

import csv
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

import duckdb

NOW = "2026-07-01T00:00:00Z"
OPEN = {"received", "registered", "routed", "assigned", "drafted", "reopened"}
WORD = "дороге"
RUNS = 11

MATRIX = """select category, region, count(*), count(*) filter (where open), count(*) filter (where open and due <= {now}),
  count(mark), coalesce(sum(mark), 0) from messages {where} group by category, region"""


def seconds(at):
    """Since 1970: the whole part, as the index keeps it."""
    from datetime import datetime

    return None if at is None else int(datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp())


def rows(path):
    """The columns of the table, message by message; topics and regions as numbers, with what they stand for."""
    numbers = {}

    def number(name):
        return numbers.setdefault(name, len(numbers))

    with open(path, encoding="utf-8") as file:
        for line in file:
            it = json.loads(line)
            yield (
                number(it.get("category") or "-"),
                number(it["territory"][:9]),
                it["status"] in OPEN,
                seconds(it.get("due")),
                it.get("mark"),
                seconds(it["received"]),
                (it["text"] + " " + (it.get("place") or "")),
            )
    rows.names = {value: key for key, value in numbers.items()}


def middle(ask):
    times, answer = [], None
    for _ in range(RUNS):
        begun = time.perf_counter()
        answer = ask()
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times), answer


def check(name, question, answer, expected):
    names = rows.names
    found = {(names[row], names[column]): tuple(int(n) for n in numbers) for row, column, *numbers in answer}
    if found != expected[question]:
        different = [key for key in found.keys() | expected[question].keys() if found.get(key) != expected[question].get(key)]
        sys.exit(f"{name} counts {len(different)} cells of «{question}» differently, for example {different[0]}: "
                 f"{found.get(different[0])} and not {expected[question].get(different[0])}")


def report(name, question, took, size=None):
    print(f"{name:12} {question:44} {took:10.1f} ms" + (f"   {size} bytes" if size else ""), flush=True)


def main():
    messages, counts, work = sys.argv[1:]
    work = pathlib.Path(work)
    expected = {"all": {}, "word": {}}
    with open(counts, encoding="utf-8") as file:
        for question, row, column, *numbers in csv.reader(file):
            if question in expected:
                expected[question][(row, column)] = tuple(int(n) for n in numbers)
    now = seconds(NOW)
    table = work / "messages.csv"
    if not table.exists():
        with open(table, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(messages))
        (work / "names.json").write_text(json.dumps(rows.names, ensure_ascii=False))
    rows.names = {int(key): value for key, value in json.loads((work / "names.json").read_text()).items()}

    duck = duckdb.connect()
    duck.execute("set threads = 1")
    duck.execute("create table messages (category smallint, region smallint, open boolean, due bigint, mark tinyint, received bigint)")
    duck.execute(
        f"insert into messages select column0, column1, column2 = 'True', column3, column4, column5 from read_csv('{table}', header = false, "
        "columns = {'column0': 'smallint', 'column1': 'smallint', 'column2': 'varchar', 'column3': 'bigint', 'column4': 'tinyint', "
        "'column5': 'bigint', 'column6': 'varchar'}, quote = '\"', escape = '\"')"
    )
    took, answer = middle(lambda: duck.execute(MATRIX.format(now=now, where="")).fetchall())
    check("DuckDB", "all", answer, expected)
    report("DuckDB", "matrix topic x region, all time", took)

    file = work / "sqlite.db"
    fresh = not file.exists()
    lite = sqlite3.connect(file)
    if fresh:
        lite.execute("create table messages (id integer primary key, category integer, region integer, open boolean, due integer, mark integer, received integer)")
        lite.execute("create virtual table texts using fts5(text, content='', tokenize='unicode61')")
        with open(table, encoding="utf-8", newline="") as lines:
            for number, (category, region, is_open, due, mark, received, text) in enumerate(csv.reader(lines)):
                lite.execute("insert into messages values (?, ?, ?, ?, ?, ?, ?)",
                             (number, category, region, is_open == "True", due or None, mark or None, received))
                lite.execute("insert into texts (rowid, text) values (?, ?)", (number, text))
        lite.execute("create index cover on messages (category, region, open, due, mark)")
        lite.execute("analyze")
        lite.commit()
    took, answer = middle(lambda: lite.execute(MATRIX.format(now=now, where="")).fetchall())
    check("SQLite", "all", answer, expected)
    report("SQLite", "matrix topic x region, all time", took, file.stat().st_size)

    postgres(work, table, now, expected)


def postgres(work, table, now, expected):
    """A server of its own on a socket, if one is installed."""
    programs = pathlib.Path("/usr/lib/postgresql/15/bin")
    if not (programs / "initdb").exists():
        return print("PostgreSQL is not installed")
    data = work / "postgres"
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    fresh = not data.exists()
    if fresh:
        data.mkdir()
        os.chmod(work, 0o755)
        os.chmod(table, 0o644)
        if user:
            shutil.chown(data, "postgres", "postgres")
        subprocess.run([*user, programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--locale=C.UTF-8"],
                       check=True, capture_output=True)
    options = f"-k {data} -c listen_addresses= -c shared_buffers=1GB -c work_mem=256MB -c max_parallel_workers_per_gather=0 -c fsync=off -c max_wal_size=8GB"
    subprocess.run([*user, programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"], check=True, capture_output=True)
    try:
        def ask(sql):
            reply = subprocess.run(["psql", "-h", data, "-U", "postgres", "-AtqX", "-F", ",", "-v", "ON_ERROR_STOP=1", "-c", "\\timing on", "-c", sql],
                                   check=True, capture_output=True, text=True).stdout.splitlines()
            took = next(float(line.split()[1]) for line in reversed(reply) if line.startswith("Time:"))
            return took, [line.split(",") for line in reply if line and not line.startswith(("Time:", "Timing"))]

        if fresh:
            ask("create table messages (category smallint, region smallint, open boolean, due bigint, mark smallint, received bigint, text text)")
            ask(f"copy messages from '{table}' with (format csv)")
            ask("alter table messages add words tsvector")
            ask("update messages set words = to_tsvector('russian', text)")
            ask("create index cover on messages (category, region) include (open, due, mark)")
            ask("create index words on messages using gin (words)")
            ask("vacuum full analyze messages")
            ask("vacuum analyze messages")

        def middle_of(question, sql, key=None):
            times = []
            for _ in range(RUNS):
                took, answer = ask(sql)
                times.append(took)
            if key:
                found = [[int(row[0]), int(row[1]), *row[2:]] for row in answer]
                check("PostgreSQL", key, found, expected)
            report("PostgreSQL", question, statistics.median(times))
            return answer

        middle_of("matrix topic x region, all time", MATRIX.format(now=now, where=""), "all")
        where = f"where words @@ plainto_tsquery('russian', '{WORD}')"
        middle_of(f"matrix topic x region, «{WORD}»", MATRIX.format(now=now, where=where))
        rank = "select received from messages where words @@ {0} {1} order by ts_rank(words, {0}) desc limit 20"
        both, either = "plainto_tsquery('russian', 'яма дороге')", "to_tsquery('russian', 'яма | дороге')"
        middle_of("20 best of «яма дороге»", rank.format(both, ""))
        region = next(number for number, name in rows.names.items() if name == "region-07")
        middle_of("the same in a region, the last 90 days", rank.format(both, f"and region = {region} and received >= {now - 90 * 86400}"))
        middle_of("20 best of «яма OR дороге»", rank.format(either, ""))
        size = ask("select sum(pg_total_relation_size(oid)) from pg_class where relname = 'messages'")[1][0][0]
        print(f"PostgreSQL   {size} bytes with the text")
    finally:
        subprocess.run([*user, programs / "pg_ctl", "-D", data, "-m", "fast", "stop"], check=False, capture_output=True)


main()
