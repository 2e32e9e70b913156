-- One row a person who signed within an hour in which so many signed from one address block.
with people as (
    select signatories.signatory_id, blocks.response_id, blocks.block, blocks.signed_at
    from staging.known_blocks as blocks
    semi join staging.affected_blocks as affected on affected.block = blocks.block
    join core.signatories as signatories on signatories.response_id = blocks.response_id
),
busy as (
    select block from people group by block having count(*) >= $people_in_a_burst
),
hours as (
    select
        *,
        count(*) over (
            partition by block
            order by signed_at
            range between current row and interval 1 hour following
        ) as n_in_the_hour
    from people
    semi join busy on busy.block = people.block
),
begun as (
    select
        *,
        max(n_in_the_hour) over (
            partition by block
            order by signed_at
            range between interval 1 hour preceding and current row
        ) as n_in_an_hour
    from hours
)
select signatory_id, response_id
from begun
where n_in_an_hour >= $people_in_a_burst
