-- Step 1: the ledger. Nothing in it is ever updated or deleted.
--
-- observation, posting, confirmation: what happened, each a chain of SHA-256 hashes (chain.py).
-- Months are 'YYYY-MM', instants UTC, points DECIMAL(12, 2).
-- *_edition: rubric, roster and campaign as they were in force; a change adds a new edition, the
-- views of the same name without suffix show the newest.

create table schema_step (
    step       integer   not null primary key,
    applied_at timestamp not null
);

create table observation (
    seq         bigint         not null,
    unit        varchar        not null,
    month       varchar        not null,
    item        varchar        not null,
    field       varchar        not null,
    kind        varchar        not null check (kind in ('claim', 'verify')),
    value       decimal(12, 2) not null,
    note        varchar        not null,
    source      varchar        not null check (source in ('entry', 'import', 'correct')),
    recorded_by varchar        not null,
    recorded_at timestamp      not null,
    hash        varchar        not null
);

create table posting (
    seq       bigint         not null,
    unit      varchar        not null,
    month     varchar        not null,
    item      varchar        not null,
    points    decimal(12, 2) not null,
    origin    varchar        not null check (origin in ('confirm', 'correct')),
    reason    varchar        not null,
    posted_by varchar        not null,
    posted_at timestamp      not null,
    hash      varchar        not null
);

create table confirmation (
    seq          bigint    not null,
    unit         varchar   not null,
    month        varchar   not null,
    confirmed_by varchar   not null,
    confirmed_at timestamp not null,
    hash         varchar   not null
);

create table edition (
    edition         integer   not null primary key,
    campaign        varchar   not null,
    name            varchar   not null,
    points          decimal(12, 2) not null,
    files_digest    varchar   not null,
    rubric_digest   varchar   not null,
    final_scope     varchar   not null,
    award_places    integer   not null,
    adopted_by      varchar   not null,
    adopted_at      timestamp not null
);

create table category_edition (
    edition         integer not null,
    position        integer not null,
    id              varchar not null,
    name            varchar not null,
    superior_letter boolean not null
);

create table stage_edition (
    edition     integer not null,
    position    integer not null,
    id          varchar not null,
    name        varchar not null,
    points      decimal(12, 2) not null,
    first_month varchar not null,
    last_month  varchar not null
);

create table indicator_edition (
    edition  integer not null,
    position integer not null,
    id       varchar not null,
    stage    varchar not null,
    kind     varchar not null,
    name     varchar not null,
    points   decimal(12, 2) not null
);

create table item_edition (
    edition   integer not null,
    position  integer not null,
    id        varchar not null,
    indicator varchar not null,
    stage     varchar not null,
    label     varchar not null,
    rule      varchar not null,
    points    decimal(12, 2) not null,
    office    boolean not null,
    clause    varchar not null
);

create table unit_edition (
    edition       integer not null,
    position      integer not null,
    code          varchar not null,
    name          varchar not null,
    initials      varchar not null,
    category      varchar not null,
    superior      varchar not null,
    from_month    varchar not null,
    through_month varchar not null
);

create view campaign as
select * exclude (files_digest, rubric_digest)
from edition
where edition = (select max(edition) from edition);

create view category as
select * exclude (edition)
from category_edition
where edition = (select max(edition) from edition);

create view stage as
select * exclude (edition)
from stage_edition
where edition = (select max(edition) from edition);

create view indicator as
select * exclude (edition)
from indicator_edition
where edition = (select max(edition) from edition);

create view item as
select * exclude (edition)
from item_edition
where edition = (select max(edition) from edition);

-- from_month and through_month are '0000-00' and '9999-99' where the roster leaves them open.
create view unit as
select * exclude (edition)
from unit_edition
where edition = (select max(edition) from edition);

-- The newest value of each cell by kind (SPEC 2).
create view newest as
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
from observation
group by unit, month, item, field, kind;
