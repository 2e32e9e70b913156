-- Puts the texts of incoming in the place of the same versions', and keeps the address blocks that aren't known.
update raw.responses
set body = incoming.body, body_md5 = md5_number(incoming.body)
from incoming
where raw.responses.received_no = incoming.received_no;

insert into core.address_blocks
select received_no, response_id, block
from incoming
where block is not null and received_no not in (select received_no from core.address_blocks);
