-- Step 7: a campaign that is over.
--
-- campaign_step: the campaign was closed, with the edition of its final ranking (publication = its seq),
--                or opened again (publication 0), for a reason. The newest row counts; while it says
--                closed nothing else is appended. Chained.

create table campaign_step (
    seq         bigint    not null,
    reason      varchar   not null,
    what        varchar   not null check (what in ('closed', 'reopened')),
    publication bigint    not null,
    done_by     varchar   not null,
    done_at     timestamp not null,
    hash        varchar   not null
);
