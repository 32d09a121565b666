-- The newest edition of each ranking that may no longer be true: points were posted in its months
-- since it was published, or roster and rubric were taken over anew.
-- Columns: seq (of the publication). Order: seq.
select p.seq
from publication p
where p.seq in (select max(seq) from publication group by scope, month, stage)
  and (
      exists (
          select 1
          from posting q
          where q.posted_at > p.published_at and q.month <= p.month
      )
      or exists (select 1 from edition e where e.adopted_at > p.published_at)
  )
order by p.seq;
