-- Pinyin initials of the items' labels.
-- Columns: item, initials.
select item, initials
from item_initials;
