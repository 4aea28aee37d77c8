"""DuckDB, in memory: columns and vectors, the fastest of those that count without an index."""

import duckdb

from questions import middle

NAME = "DuckDB 1"


def ask(questions):
    duck = duckdb.connect()
    duck.execute("set threads = 1")
    duck.execute("create table messages (category smallint, region smallint, open boolean, due bigint, mark tinyint, received bigint)")
    types = {"id": "integer", "category": "smallint", "region": "smallint", "open": "boolean", "due": "bigint",
             "mark": "tinyint", "received": "bigint", "words": "varchar"}
    duck.execute(f"insert into messages select category, region, open, due, mark, received "
                 f"from read_csv('{questions.table}', header = false, columns = {types}, quote = '\"', max_line_size = 10000000)")
    took, rows = middle(lambda: duck.execute(questions.matrix()).fetchall())
    questions.check_matrix(NAME, "all", rows)
    return {"all": took}
