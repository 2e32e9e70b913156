-- Empties what is staged, so that all of it is made again; a person keeps the surrogate id by the key.
insert into core.touched_keys select email_key from core.signatories;
delete from core.touched_responses;
delete from core.signatures;
delete from core.answers;
delete from core.email_keys;
delete from core.places;
delete from ledger.fields;
