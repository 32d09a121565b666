-- Who may do what now.
-- Columns: login, name, role, unit ('' but for reporters), changed_by, changed_at (UTC).
select login, name, role, unit, changed_by, changed_at
from standing_staff
order by role, login;
