-- What a query may name.
-- Columns: table or view, column. In the order of the tables' definitions.
select table_name, column_name
from duckdb_columns()
where not internal and not starts_with(table_name, '_')
order by table_name, column_index;
