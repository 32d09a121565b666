-- What a query may name: the tables and views of the campaign in use.
-- Columns: table or view, column. In the order of the tables' definitions.
select table_name, column_name
from duckdb_columns()
where not internal and not starts_with(table_name, '_')
  and (schema_name = current_schema() or database_name = 'temp')
order by table_name, column_index;
