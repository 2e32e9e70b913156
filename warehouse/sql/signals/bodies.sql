-- One row a staged response whose body came in since the last time: how it was filled in. Where it came from
-- stays in memory. A time is known of the platform's own only; paper was filled in by somebody else. Rows were
-- staged about in the order received: with the bounds on both sides no batch reads the whole of signatures.
select
    signatures.response_id,
    regexp_replace(
        trim(coalesce(old.origin, try(json_extract_string(responses.body, '$.ip_address')))),
        '^([0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3})[.](?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])$',
        '\1.0'
    ) as origin,
    coalesce(signatures.mode, '') = 'data_entry' as is_on_paper,
    case
        when responses.source = 'api' and coalesce(signatures.mode, '') <> 'data_entry'
            then try_cast(try(json_extract_string(responses.body, '$.total_time')) as double)
                between 0 and $longest
        else false
    end as is_quick,
    coalesce(signatures.created_at, signatures.modified_at) as signed_at
from raw.responses as responses
join core.signatures as signatures on signatures.received_no = responses.received_no
left join temp.old_origins as old on old.response_id = responses.response_id
where responses.received_no > $after and responses.received_no <= $upto
    and signatures.received_no > $after and signatures.received_no <= $upto
    and signatures.survey_id = $survey_id
