-- A unit's points by stage, indicator and item through a month, every item of the rubric, as
-- known at $as_of (UTC).
-- Columns: stage, stage_name, indicator, indicator_name, indicator_points (nominal), kind, item,
-- label, clause, nominal, points. Order of the rubric.
select
    s.id         as stage,
    s.name       as stage_name,
    n.id         as indicator,
    n.name       as indicator_name,
    n.points     as indicator_points,
    n.kind,
    i.id         as item,
    i.label,
    i.clause,
    i.points     as nominal,
    coalesce((
        select sum(p.points)
        from posting p
        where p.unit = $unit and p.item = i.id and p.month <= $through
          and p.posted_at <= $as_of
    ), 0)::decimal(12, 2) as points
from item i
join indicator n on n.id = i.indicator
join stage s on s.id = i.stage
order by i.position;
