-- One row a batch of bodies not read yet: the number of its last one.
select max(received_no) as upto
from raw.responses
where received_no > $after
group by (received_no - $after - 1) // $batch
order by upto
