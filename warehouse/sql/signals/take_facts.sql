-- Takes from a batch of bodies which were filled in too fast, and the address block of each.
insert into staging.read_bodies select response_id from staging.bodies;

insert into staging.new_quick
select response_id from staging.bodies where is_quick;

insert into staging.new_blocks
select bodies.response_id, blocks.block, bodies.signed_at
from staging.bodies as bodies
join staging.blocks as blocks on blocks.origin = bodies.origin
where blocks.block is not null and not bodies.is_on_paper and bodies.signed_at is not null;
