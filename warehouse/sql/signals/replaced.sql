-- One row a signal of earlier runs that this run's take the place of: all about people looked at, and pairs
-- and bursts that were found again or not. A burst stays while the response counts, though its address block
-- isn't known any more.
with pairs as (
    select one.signatory_id, other.signatory_id as other_id, 'same-mailbox' as signal
    from staging.sharing as one
    join staging.sharing as other on other.mailbox = one.mailbox and one.signatory_id = one.first_id
    union
    select one.signatory_id, other.signatory_id, 'address-typo'
    from core.signals as signals
    join staging.namesakes as one on one.signatory_id = signals.signatory_id
    join staging.namesakes as other on other.signatory_id = signals.other_id and other.name_key = one.name_key
    where signals.signal = 'address-typo'
)
select signals.rowid as row_no, signals.*
from core.signals as signals
left join staging.to_notice as first on first.signatory_id = signals.signatory_id
left join staging.to_notice as second on second.signatory_id = signals.other_id
left join pairs
    on pairs.signal = signals.signal
    and pairs.signatory_id = signals.signatory_id
    and pairs.other_id = signals.other_id
left join core.signatories as people
    on people.signatory_id = signals.signatory_id and people.response_id = signals.response_id
left join staging.known_blocks as blocks on blocks.response_id = signals.response_id
where case
    when signals.signal = 'burst' then people.signatory_id is null or blocks.block is not null
    else first.signatory_id is not null or second.signatory_id is not null or pairs.signatory_id is not null
end
