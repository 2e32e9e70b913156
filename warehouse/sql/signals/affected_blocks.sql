-- One row an address block that somebody signed from in this run, or whose people changed in this run. An earlier version of
-- a response may have come from another block.
select blocks.block
from core.address_blocks as blocks
semi join staging.read_bodies as read_bodies on read_bodies.response_id = blocks.response_id
union
select blocks.block
from core.address_blocks as blocks
semi join staging.people as people on people.response_id = blocks.response_id
union
select blocks.block
from core.address_blocks as blocks
join core.noticed as noticed on noticed.response_id = blocks.response_id
semi join staging.to_notice as to_notice on to_notice.signatory_id = noticed.signatory_id
