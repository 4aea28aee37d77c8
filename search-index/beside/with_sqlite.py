"""SQLite: a table with a covering index, and the words in FTS5 without the text."""

import csv
import re
import sqlite3

from questions import middle

NAME = "SQLite 3"

# Stems stand between spaces; `ascii` takes every other sign as a part of a word.
TABLES = """
create table messages (id integer primary key, category integer, region integer, open boolean, due integer, mark integer, received integer);
create virtual table texts using fts5(words, content='', tokenize='ascii');
"""
POSITION = re.compile(r":\d+")
# The words first: SQLite would ask FTS5 for each message of a region otherwise.
BEST = "select texts.rowid from texts {join} where texts match ? {narrow} order by texts.rank limit 20"
COUNT = "select count(*) from texts {join} where texts match ? {narrow}"
JOIN = "cross join messages on messages.id = texts.rowid"
NARROW = "and region = ? and received >= ?"


def ask(questions):
    file = questions.work / "sqlite.db"
    file.unlink(missing_ok=True)
    lite = sqlite3.connect(file)
    lite.execute("pragma cache_size = -1048576")
    lite.execute("pragma mmap_size = 8589934592")
    lite.executescript(TABLES)
    fill(lite, questions.table)

    def query(sql, *values):
        return lite.execute(sql, values).fetchall()

    took = {}
    took["all"], rows = middle(lambda: query(questions.matrix()))
    questions.check_matrix(NAME, "all", rows)
    found = f"texts {JOIN} where texts match ?"
    took["with_word"], rows = middle(lambda: query(questions.matrix(found), quoted([questions.word])))
    questions.check_matrix(NAME, "with_word", rows)

    wide = {"join": "", "narrow": ""}
    tight = {"join": JOIN, "narrow": NARROW}
    for kind, shape, joined in (("both", wide, " AND "), ("narrow", tight, " AND "), ("either", wide, " OR ")):
        def values(pair):
            words = quoted(pair["stems"], joined)
            return (words, pair["region"], questions.since) if kind == "narrow" else (words,)

        took |= questions.search(
            NAME, kind,
            lambda pair: query(COUNT.format(**shape), *values(pair))[0][0],
            lambda pair: query(BEST.format(**shape), *values(pair)))
    took["bytes"] = file.stat().st_size / questions.messages
    return took


def fill(lite, table):
    with open(table, encoding="utf-8", newline="") as lines:
        for number, category, region, is_open, due, mark, received, words in csv.reader(lines):
            lite.execute("insert into messages values (?, ?, ?, ?, ?, ?, ?)",
                         (int(number), int(category), int(region), is_open == "true", due or None, mark or None, int(received)))
            lite.execute("insert into texts (rowid, words) values (?, ?)", (int(number), POSITION.sub("", words)))
    lite.execute("insert into texts (texts) values ('optimize')")
    lite.execute("create index cover on messages (category, region, open, due, mark)")
    lite.commit()
    lite.execute("analyze")
    lite.commit()
    lite.execute("vacuum")


def quoted(stems, joined=" AND "):
    return joined.join(f'"{stem}"' for stem in stems)
