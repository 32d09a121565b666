-- The newest schema step of the ledger.
-- Columns: step.
select max(step) from schema_step;
