-- Step 3: many people, one ledger: who they are, and which requests were answered.
--
-- staff:   what a person may do from now on; the newest row of a login counts, an empty role takes
--          the person off the list. unit: the only unit of a reporter, else ''. Chained.
-- request: acts that were done for a client, by the key it gave the request: asked again, the
--          answer (JSON) is given again and nothing is done twice. Committed with the act itself.

create table staff (
    seq        bigint    not null,
    login      varchar   not null,
    name       varchar   not null,
    role       varchar   not null check (
        role in ('', 'reporter', 'viewer', 'clerk', 'reviewer', 'lead', 'admin')
    ),
    unit       varchar   not null,
    changed_by varchar   not null,
    changed_at timestamp not null,
    hash       varchar   not null
);

create table request (
    key         varchar   not null,
    act         varchar   not null,
    answer      varchar   not null,
    answered_to varchar   not null,
    answered_at timestamp not null
);

-- Who may do what now.
create view standing_staff as
select
    login,
    arg_max(name, seq)       as name,
    arg_max(role, seq)       as role,
    arg_max(unit, seq)       as unit,
    arg_max(changed_by, seq) as changed_by,
    arg_max(changed_at, seq) as changed_at
from staff
group by login
having arg_max(role, seq) <> '';
