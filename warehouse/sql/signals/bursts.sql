-- One row a person who signed within an hour in which so many signed from one address block: in the order of
-- time, whoever lies among so many in a row of which the last signed no more than an hour after the first.
with people as (
    select signatories.signatory_id, blocks.response_id, blocks.block, blocks.signed_at
    from staging.known_blocks as blocks
    join core.signatories as signatories on signatories.response_id = blocks.response_id
),
firsts as (
    select
        *,
        lead(signed_at, $people_in_a_burst - 1) over (partition by block order by signed_at, signatory_id)
            <= signed_at + interval 1 hour as is_first
    from people
),
among as (
    select
        signatory_id,
        response_id,
        bool_or(is_first) over (
            partition by block
            order by signed_at, signatory_id
            rows between $people_in_a_burst - 1 preceding and current row
        ) as is_in_a_burst
    from firsts
)
select signatory_id, response_id
from among
where is_in_a_burst
