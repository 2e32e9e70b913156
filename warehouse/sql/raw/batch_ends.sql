-- One row a batch of versions received after $after: its last received_no.
select max(received_no) as upto
from raw.responses
where received_no > $after
group by (received_no - $after - 1) // $batch
order by upto
