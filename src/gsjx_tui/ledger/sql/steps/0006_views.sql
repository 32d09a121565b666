-- Step 6: the views of what is in force say `in` where they said `=`.
--
-- DuckDB 2.0.0 forgets the limit of a query on a view that compares a column with a scalar
-- subquery: `from unit limit 3` gave all units. The views show the same rows as before.

create or replace view campaign as
select * exclude (files_digest, rubric_digest)
from edition
where edition in (select max(edition) from edition);

create or replace view category as
select * exclude (edition)
from category_edition
where edition in (select max(edition) from edition);

create or replace view stage as
select * exclude (edition)
from stage_edition
where edition in (select max(edition) from edition);

create or replace view indicator as
select * exclude (edition)
from indicator_edition
where edition in (select max(edition) from edition);

create or replace view item as
select * exclude (edition)
from item_edition
where edition in (select max(edition) from edition);

create or replace view unit as
select * exclude (edition)
from unit_edition
where edition in (select max(edition) from edition);

create or replace view item_initials as
select * exclude (edition)
from item_initials_edition
where edition in (select max(edition) from edition);
