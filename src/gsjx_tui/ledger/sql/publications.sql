-- Published editions, oldest first. $scope, $month, $stage, $code: '' for any; $number: the seq of one,
-- 0 for any.
-- Columns: seq, scope, month, stage, edition, title, note, content (the figures), sha256, code,
-- published_by, published_at (UTC).
select
    seq, scope, month, stage, edition, title, note, content, sha256, code, published_by, published_at
from publication
where ($scope = '' or scope = $scope)
  and ($month = '' or month = $month)
  and ($stage = '' or stage = $stage)
  and ($code = '' or code = $code)
  and ($number = 0 or seq = $number)
order by seq;
