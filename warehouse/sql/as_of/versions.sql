-- One row a version that had come in by then, of responses of which a later one counts now.
select versions.received_no, versions.response_id, versions.survey_id, versions.source, versions.body
from raw.responses as versions
join core.signatures as signatures on signatures.response_id = versions.response_id
join staging.places_then as places on places.response_id = versions.response_id
join raw.responses as counting on counting.received_no = signatures.received_no
where places.place in ('signatory', 'duplicate')
    and counting.fetched_at > $upto
    and versions.fetched_at <= $upto
