-- One row a batch of versions not staged yet: its last received_no.
with numbered as (
    select received_no, row_number() over (order by received_no) as place
    from raw.responses
    where received_no > $after
)
select max(received_no) as upto
from numbered
group by (place - 1) // $batch
order by upto
