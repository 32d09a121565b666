-- hidden: the newest rubric, an item a row, with its indicator and stage. Points are nominal.
select
    i.position,
    i.id,
    i.label,
    i.points,
    i.rule,
    n.name        as indicator,
    s.position    as stage_position,
    s.name        as stage,
    s.first_month,
    s.last_month
from item_edition i
join indicator_edition n on n.id = i.indicator and n.edition = i.edition
join stage_edition s on s.id = i.stage and s.edition = i.edition
where i.edition in (select max(edition) from edition)
