-- One row a response that came from one of this run's address blocks. Paper came from wherever it was typed in.
select blocks.response_id, blocks.block, coalesce(signatures.created_at, signatures.modified_at) as signed_at
from core.address_blocks as blocks
semi join staging.affected_blocks as affected on affected.block = blocks.block
join core.signatures as signatures on signatures.received_no = blocks.received_no
where coalesce(signatures.mode, '') <> 'data_entry'
    and coalesce(signatures.created_at, signatures.modified_at) is not null
