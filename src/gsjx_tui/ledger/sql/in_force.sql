-- Roster, categories, stages and items as the ranking sees them, each row as one text.
-- Columns: kind, id, text (the columns joined by U+001F; points with two places).
select 'unit' as kind, code as id,
    concat_ws(chr(31), position, code, name, category, superior, from_month, through_month) as text
from unit
union all
select 'category', id, concat_ws(chr(31), position, id, name, superior_letter)
from category
union all
select 'stage', id, concat_ws(chr(31), position, id, name, points, first_month, last_month)
from stage
union all
select 'indicator', id, concat_ws(chr(31), position, id, stage, kind, name, points)
from indicator
union all
select 'item', id,
    concat_ws(chr(31), position, id, indicator, stage, label, rule, points, office, clause)
from item
union all
select 'campaign', campaign,
    concat_ws(chr(31), campaign, name, points, final_scope, award_places)
from campaign;
