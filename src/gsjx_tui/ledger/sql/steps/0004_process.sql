-- Step 4: from spot check to consequence.
--
-- draw:  a spot-check draw of a month: its seed, how many units, how many items for each of them,
--        and the pool it was drawn from (JSON, see office/lots.py): with both anybody draws the
--        same again.
-- drawn: what came out: a unit's item to be checked in the month, by the draw's seq.
-- objection:      a unit's objection to what it got for an item of a confirmed month, filed_on a day
--                 ('YYYY-MM-DD').
-- objection_step: what became of it (objection = its seq): taken in hand, decided, withdrawn.
--                 correction: seq of the first observation of the correction it led to, else 0.
-- publication:    an edition of a ranking that was published: scope month (to date through month),
--                 stage (through its last month) or campaign; edition counts from 1 within it.
--                 content: the figures as text (documents/check_code.py), sha256 its hash, code the
--                 check code that is printed.
-- followup:       a consequence of a published stage or campaign (publication = its seq) that has to be
--                 seen through for a unit; shared_by: how many units shared the place.
-- followup_step:  what was done about it (followup = its seq); subject: of a talk the principal or
--                 the leader in charge, of a decision named or spared; happened_on, deadline:
--                 'YYYY-MM-DD' or ''.
-- ballot_count:   a count of ballots of 360 degrees for a unit: how many, how many highest and lowest
--                 of a group were left out, score (0 to 100), the points it gave and the observation
--                 that it became; the file's SHA-256. The ballots themselves are not kept.
-- ballot_line:    its lines (count = its seq): groups (joined by '+'), weight of 100, mean of 0 to 100.
-- All are chained as the tables of step 1 are.

create table draw (
    seq      bigint    not null,
    seed     varchar   not null,
    month    varchar   not null,
    units    bigint    not null,
    items    bigint    not null,
    pool     varchar   not null,
    drawn_by varchar   not null,
    drawn_at timestamp not null,
    hash     varchar   not null
);

create table drawn (
    seq      bigint    not null,
    unit     varchar   not null,
    month    varchar   not null,
    item     varchar   not null,
    draw     bigint    not null,
    drawn_by varchar   not null,
    drawn_at timestamp not null,
    hash     varchar   not null
);

create table objection (
    seq      bigint    not null,
    unit     varchar   not null,
    month    varchar   not null,
    item     varchar   not null,
    grounds  varchar   not null,
    filed_on varchar   not null,
    filed_by varchar   not null,
    filed_at timestamp not null,
    hash     varchar   not null
);

create table objection_step (
    seq        bigint    not null,
    unit       varchar   not null,
    month      varchar   not null,
    objection  bigint    not null,
    what       varchar   not null check (what in ('taken', 'decided', 'withdrawn')),
    decision   varchar   not null check (decision in ('', 'upheld', 'partly', 'rejected')),
    text       varchar   not null,
    correction bigint    not null,
    done_by    varchar   not null,
    done_at    timestamp not null,
    hash       varchar   not null
);

create table publication (
    seq          bigint    not null,
    title        varchar   not null,
    month        varchar   not null,
    scope        varchar   not null check (scope in ('month', 'stage', 'campaign')),
    stage        varchar   not null,
    edition      bigint    not null,
    note         varchar   not null,
    content      varchar   not null,
    sha256       varchar   not null,
    code         varchar   not null,
    published_by varchar   not null,
    published_at timestamp not null,
    hash         varchar   not null
);

create table followup (
    seq         bigint    not null,
    unit        varchar   not null,
    month       varchar   not null,
    stage       varchar   not null,
    category    varchar   not null,
    kind        varchar   not null,
    shared_by   bigint    not null,
    publication bigint    not null,
    opened_by   varchar   not null,
    opened_at   timestamp not null,
    hash        varchar   not null
);

create table followup_step (
    seq         bigint    not null,
    unit        varchar   not null,
    month       varchar   not null,
    followup    bigint    not null,
    what        varchar   not null,
    subject     varchar   not null,
    happened_on varchar   not null,
    person      varchar   not null,
    text        varchar   not null,
    deadline    varchar   not null,
    done_by     varchar   not null,
    done_at     timestamp not null,
    hash        varchar   not null
);

create table ballot_count (
    seq         bigint         not null,
    unit        varchar        not null,
    month       varchar        not null,
    item        varchar        not null,
    ballots     bigint         not null,
    trim        bigint         not null,
    score       decimal(12, 2) not null,
    points      decimal(12, 2) not null,
    observation bigint         not null,
    file_name   varchar        not null,
    file_sha256 varchar        not null,
    counted_by  varchar        not null,
    counted_at  timestamp      not null,
    hash        varchar        not null
);

create table ballot_line (
    seq        bigint         not null,
    unit       varchar        not null,
    month      varchar        not null,
    count      bigint         not null,
    groups     varchar        not null,
    weight     bigint         not null,
    ballots    bigint         not null,
    counted    bigint         not null,
    mean       decimal(12, 2) not null,
    counted_by varchar        not null,
    counted_at timestamp      not null,
    hash       varchar        not null
);

-- Claims that the office has verified, cell by cell. share: the part of the claim that was cut, in
-- ten thousandths of it (0 where nothing was cut).
create view verified_claim as
select
    c.unit,
    c.month,
    c.item,
    c.field,
    c.value           as claimed,
    v.value           as verified,
    c.value - v.value as cut,
    case
        when v.value < c.value and c.value > 0
        then (((c.value - v.value) * 100)::bigint * 10000) // (c.value * 100)::bigint
        else 0
    end               as share
from newest c
join newest v using (unit, month, item, field)
where c.kind = 'claim' and v.kind = 'verify';
