-- Step 5: the rubric by which months are confirmed.
--
-- rubric_in_force: content is the rubric in full (JSON, see rubric/canonical.py), digest its SHA-256.
-- The first row is appended with the first confirmation, each further one when an administrator
-- accepts a change, with a reason; effect (JSON) says what that did to earlier months, whose
-- postings have the same instant. Chained.

create table rubric_in_force (
    seq         bigint    not null,
    digest      varchar   not null,
    content     varchar   not null,
    effect      varchar   not null,
    reason      varchar   not null,
    accepted_by varchar   not null,
    accepted_at timestamp not null,
    hash        varchar   not null
);
