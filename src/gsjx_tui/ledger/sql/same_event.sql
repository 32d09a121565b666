-- Standing events of a unit's item and field with the same document number or the same file
-- ($document, $file_sha256: '' for none).
-- Columns: seq, month, by_file (boolean: the file is the same). Oldest first.
select seq, month, $file_sha256 <> '' and file_sha256 = $file_sha256 as by_file
from standing_event
where unit = $unit
  and item = $item
  and field = $field
  and (($document <> '' and document = $document)
    or ($file_sha256 <> '' and file_sha256 = $file_sha256))
order by seq;
