"""PostgreSQL on a socket of its own, if its server is installed: a covering index, one for a region and a period, and GIN
over the words."""

import os
import pathlib
import shutil
import subprocess

import questions as timed
from questions import middle

NAME = "PostgreSQL 15"
PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
OPTIONS = ("-c listen_addresses= -c shared_buffers=2GB -c work_mem=256MB -c maintenance_work_mem=1GB -c fsync=off "
           "-c max_parallel_workers_per_gather=0 -c max_parallel_maintenance_workers=0 -c max_wal_size=16GB")

TABLES = """
create table messages (id integer, category smallint, region smallint, open boolean, due bigint, mark smallint, received bigint, words tsvector);
copy messages from '{table}' with (format csv);
create index cover on messages (category, region) include (open, due, mark);
create index period on messages (region, received);
create index words on messages using gin (words) with (fastupdate = off);
vacuum analyze messages;
"""
BEST = "select id from messages where words @@ {words}::tsquery {narrow} order by ts_rank(words, {words}::tsquery) desc limit 20"
COUNT = "select count(*) from messages where words @@ {words}::tsquery {narrow}"


def ask(questions):
    if not (PROGRAMS / "initdb").exists():
        return print("PostgreSQL is not installed")
    import psycopg

    data, user = questions.work / "postgres", []
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    if os.getuid() == 0:
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        os.chmod(questions.work, 0o755)
        os.chmod(questions.table, 0o644)
        shutil.chown(data, "postgres", "postgres")

    def run(program, *arguments):
        subprocess.run([*user, PROGRAMS / program, "-D", data, *arguments], check=True, stdout=subprocess.DEVNULL)

    run("initdb", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8")
    run("pg_ctl", "-w", "-l", data / "log", "-o", f"-k {data} {OPTIONS}", "start")
    try:
        with psycopg.connect(f"host={data} user=postgres", autocommit=True, prepare_threshold=None) as server:
            return ask_server(questions, lambda sql: server.execute(sql))
    finally:
        run("pg_ctl", "-m", "fast", "stop")


def ask_server(questions, execute):
    for statement in filter(str.strip, TABLES.format(table=questions.table).split(";")):
        execute(statement)

    def query(sql):
        return execute(sql).fetchall()

    # Not this process too: it waits while the server works on.
    timed.processes[:] = query("select pg_backend_pid()")[0]

    took = {}
    took["all"], rows = middle(lambda: query(questions.matrix()))
    questions.check_matrix(NAME, "all", rows)
    found = f"messages where words @@ {quoted([questions.word])}::tsquery"
    took["with_word"], rows = middle(lambda: query(questions.matrix(found)))
    questions.check_matrix(NAME, "with_word", rows)
    for kind, joined in (("both", " & "), ("narrow", " & "), ("either", " | ")):
        def sql(shape, pair):
            narrow = f"and region = {pair['region']} and received >= {questions.since}" if kind == "narrow" else ""
            return query(shape.format(words=quoted(pair["stems"], joined), narrow=narrow))

        took |= questions.search(NAME, kind, lambda pair: sql(COUNT, pair)[0][0], lambda pair: sql(BEST, pair))
    took["bytes"] = query("select pg_total_relation_size('messages')")[0][0] / questions.messages
    return took


def quoted(stems, joined=""):
    """Letters and digits alone: nothing to escape."""
    return "'" + joined.join(stems) + "'"
