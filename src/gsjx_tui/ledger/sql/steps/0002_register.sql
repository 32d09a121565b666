-- Step 2: the register of events, returns to units, and the withdrawal of what was recorded.
--
-- event:      one praise, complaint, finding, adopted brief ... with its evidence (SPEC 2: it counts
--             into the tally of its item and field in the month).
-- withdrawal: an observation or event (what, target = its seq) that shall no longer count. The row
--             itself stays.
-- returned:   a unit's month (or one item of it) sent back to the unit with a reason; item and
--             deadline ('YYYY-MM-DD') may be ''.
-- All are chained as the tables of step 1 are.

create table event (
    seq           bigint    not null,
    unit          varchar   not null,
    month         varchar   not null,
    item          varchar   not null,
    field         varchar   not null,
    happened_on   varchar   not null,
    origin        varchar   not null,
    document      varchar   not null,
    file_name     varchar   not null,
    file_sha256   varchar   not null,
    kept_at       varchar   not null,
    note          varchar   not null,
    registered_by varchar   not null,
    registered_at timestamp not null,
    hash          varchar   not null
);

create table withdrawal (
    seq          bigint    not null,
    unit         varchar   not null,
    month        varchar   not null,
    what         varchar   not null check (what in ('observation', 'event')),
    target       bigint    not null,
    reason       varchar   not null,
    withdrawn_by varchar   not null,
    withdrawn_at timestamp not null,
    hash         varchar   not null
);

create table returned (
    seq         bigint    not null,
    unit        varchar   not null,
    month       varchar   not null,
    item        varchar   not null,
    reason      varchar   not null,
    deadline    varchar   not null,
    returned_by varchar   not null,
    returned_at timestamp not null,
    hash        varchar   not null
);

-- Observations that count: those not withdrawn.
create view standing_observation as
select o.*
from observation o
where not exists (
    from withdrawal w where w.what = 'observation' and w.target = o.seq
);

-- The newest value of each cell by kind (SPEC 2), withdrawn ones left out.
create or replace view newest as
select
    unit,
    month,
    item,
    field,
    kind,
    arg_max(value, seq)       as value,
    arg_max(note, seq)        as note,
    arg_max(recorded_by, seq) as recorded_by,
    arg_max(recorded_at, seq) as recorded_at,
    max(seq)                  as seq
from standing_observation
group by unit, month, item, field, kind;

-- Events that count: those not withdrawn.
create view standing_event as
select e.*
from event e
where not exists (
    from withdrawal w where w.what = 'event' and w.target = e.seq
);

-- Pinyin initials of item labels, to find them by; none for editions adopted before this step.
create table item_initials_edition (
    edition  integer not null,
    item     varchar not null,
    initials varchar not null
);

create view item_initials as
select * exclude (edition)
from item_initials_edition
where edition = (select max(edition) from edition);
