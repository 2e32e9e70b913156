-- One row: whether every version received is staged, and every response and key touched is decided.
select
    coalesce((select max(received_no) from raw.responses), 0)
        <= coalesce((select cast(value as bigint) from ledger.marks where name = 'staged_upto'), 0)
    and not exists (select 1 from core.touched_responses)
    and not exists (select 1 from core.touched_keys) as is_settled
