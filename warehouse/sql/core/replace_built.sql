-- Puts the decisions about the pending responses in the place of the earlier ones, and notes what changed.
delete from core.signatories where email_key in (
    select email_key from core.pending_keys
    union all
    select email_key from core.dispositions
    where email_key is not null and response_id in (select response_id from staging.pending)
    union all
    select email_key from staging.dispositions where email_key is not null
);

delete from core.dispositions where response_id in (select response_id from staging.pending);
insert into core.dispositions select response_id, email_key, disposition, reason from staging.dispositions;

insert into core.signatory_ids select signatory_id, email_key from staging.new_ids;

insert into core.signatories by name
select ids.signatory_id, signatories.*
from staging.signatories as signatories
join core.signatory_ids as ids on ids.email_key = signatories.email_key;

insert or replace into ledger.state values ('signals are due', 'since the last build');

delete from core.pending_responses;
delete from core.pending_keys;

insert into core.disposition_changes by name
select
    (select coalesce(max(change_no), 0) from core.disposition_changes) + row_number() over () as change_no,
    changes.*,
    $at as changed_at,
    $run_id as run_id
from staging.disposition_changes as changes;
