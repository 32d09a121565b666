-- The campaign in force.
-- Columns: id, name, points, final_scope, award_places, first and last month, newest month
-- with a confirmation (null if none).
select
    c.campaign,
    c.name,
    c.points,
    c.final_scope,
    c.award_places,
    (select min(first_month) from stage)  as first_month,
    (select max(last_month) from stage)   as last_month,
    (select max(month) from confirmation) as newest_confirmed
from campaign c;
