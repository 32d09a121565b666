-- The unit facts that consequences need beside the ranking.
-- Columns: code, superior, superior_letter (boolean).
select u.code, u.superior, k.superior_letter
from unit u
join category k on k.id = u.category;
