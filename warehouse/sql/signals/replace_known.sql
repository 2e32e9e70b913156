-- Puts what was found in this run in the place of what was known of the same people and responses.
delete from core.mailboxes where signatory_id in (select signatory_id from staging.to_notice);
insert into core.mailboxes select signatory_id, email_key, mailbox, name_key from staging.mailboxes;

delete from core.quick_responses where response_id in (select response_id from staging.read_bodies);
insert into core.quick_responses select response_id from staging.read_bodies where is_quick;

delete from core.signals where rowid in (select row_no from staging.replaced);
insert into core.signals select signal, signatory_id, other_id, response_id, noticed_at, run_id from staging.dated;

delete from core.noticed where signatory_id in (select signatory_id from staging.to_notice);
insert into core.noticed select signatory_id, response_id, modified_at, n_signatures from staging.people;

delete from ledger.state where name = 'signals are due';
delete from core.signal_reasons;
