-- A foreign key is checked row by row, and that cost more than half of writing a Plan. These rows are written only by
-- statements that hold their Run (or its Activation's lock), so the reference cannot dangle; who deletes a Run deletes them first.
alter table operation drop constraint operation_run_id_fkey;
alter table ledger drop constraint ledger_run_id_fkey;
alter table snapshot drop constraint snapshot_activation_id_fkey;
