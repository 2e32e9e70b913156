-- Empties what is staged, so that all of it is made again; a person keeps the surrogate id by the key.
insert into core.pending_keys select email_key from core.signatories;
delete from core.pending_responses;
delete from core.signatures;
delete from core.answers;
delete from core.email_keys;
delete from core.dispositions;
delete from ledger.fields;
