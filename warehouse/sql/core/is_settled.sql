-- One row: whether every version received is staged, and every response and key pending is decided, but for those
-- of erased people; or nobody was ever counted, so that no address is anybody's.
select
    (
        coalesce((select max(received_no) from raw.responses), 0)
            <= coalesce((select cast(value as bigint) from ledger.state where name = 'staged_upto'), 0)
        and not exists (
            select 1
            from core.pending_responses as pending
            anti join privacy.erased_responses as erased on erased.response_id = pending.response_id
        )
        and not exists (select 1 from core.pending_keys)
    )
    or not exists (select 1 from core.signatory_ids) as is_settled
