-- One row a response whose address block is known: tonight's of any age, and those kept.
select response_id, block, signed_at from staging.new_blocks
union all
select blocks.response_id, blocks.block, blocks.signed_at
from vault.core.address_blocks as blocks
anti join staging.read_bodies as read_bodies on read_bodies.response_id = blocks.response_id
