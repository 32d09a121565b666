-- Counts of ballots, of one unit or of all ($unit ''), oldest first, with their lines.
-- Columns: seq, unit, name, month, item, ballots, trim, score, points, observation, file_name,
-- file_sha256, counted_by, counted_at (UTC), stands (boolean: its observation is what counts now),
-- then of each line: groups (joined by '+'), weight, ballots, counted, mean.
select
    c.seq,
    c.unit,
    coalesce(u.name, '') as name,
    c.month,
    c.item,
    c.ballots,
    c.trim,
    c.score,
    c.points,
    c.observation,
    c.file_name,
    c.file_sha256,
    c.counted_by,
    c.counted_at,
    exists (
        from newest n
        where n.unit = c.unit and n.month = c.month and n.item = c.item
          and n.kind = 'verify' and n.seq = c.observation
    )                    as stands,
    l.groups,
    l.weight,
    l.ballots            as line_ballots,
    l.counted,
    l.mean
from ballot_count c
join ballot_line l on l.count = c.seq
left join unit u on u.code = c.unit
where $unit = '' or c.unit = $unit
order by c.seq, l.seq;
