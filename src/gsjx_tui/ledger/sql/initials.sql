-- The pinyin initials of every unit's name, for finding it.
-- Columns: unit, initials.
select code as unit, initials
from unit;
