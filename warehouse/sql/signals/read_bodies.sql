-- One row a staged response whose body came in since the last time: whether it was filled in too fast. A time is known
-- of the platform's own only; paper was filled in by somebody else. Rows were staged about in the order received:
-- with the bounds on both sides no batch reads the whole of signatures.
select
    signatures.response_id,
    case
        when responses.source = 'api' and coalesce(signatures.mode, '') <> 'data_entry'
            then coalesce(
                try_cast(try(json_extract_string(responses.body, '$.total_time')) as double) between 0 and $longest,
                false
            )
        else false
    end as is_quick
from raw.responses as responses
join core.signatures as signatures on signatures.received_no = responses.received_no
where responses.received_no > $after and responses.received_no <= $upto
    and signatures.received_no > $after and signatures.received_no <= $upto
    and signatures.survey_id = $survey_id
