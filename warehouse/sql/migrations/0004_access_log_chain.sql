-- A chain over the access log: each entry's hash is made of the one before it and of the entry; see
-- warehouse/privacy/access_log.py. Entries written before this migration are chained here, in their order.
alter table privacy.access_log add column entry_hash varchar;

update privacy.access_log
set entry_hash = chained.entry_hash
from (
    with recursive
    texts as (
        select
            entry_no,
            row_number() over (order by entry_no) as position,
            [
                entry_no::varchar, epoch_us(used_at)::varchar, who, command, reason, n_rows::varchar
            ] as fields
        from privacy.access_log
    ),

    lines as (
        select
            entry_no,
            position,
            array_to_string(
                list_transform(fields, lambda field: concat(strlen(field), ':', field, ',')), ''
            ) as line
        from texts
    ),

    chain as (
        select 0::bigint as entry_no, 0::bigint as position, repeat('0', 64) as entry_hash
        union all
        select lines.entry_no, lines.position, sha256(concat('64:', chain.entry_hash, ',', lines.line))
        from chain
        join lines on lines.position = chain.position + 1
    )

    select entry_no, entry_hash from chain where position > 0
) as chained
where access_log.entry_no = chained.entry_no;
