-- Keeps the address block of each response that was just added, after $after.
insert into core.address_blocks
select added.received_no, any_value(added.response_id), any_value(incoming.block)
from raw.responses as added
join incoming on incoming.response_id = added.response_id and md5_number(incoming.body) = added.body_md5
where added.received_no > $after and incoming.block is not null
group by added.received_no
