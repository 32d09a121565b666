-- The newest edition of campaign, rubric and roster.
-- Columns: edition, files_digest (campaign.toml and units.csv), rubric_digest.
select edition, files_digest, rubric_digest
from edition
order by edition desc
limit 1;
