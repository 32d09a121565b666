"""The append-only ledger in DuckDB. Nobody outside this folder knows that it is DuckDB."""
