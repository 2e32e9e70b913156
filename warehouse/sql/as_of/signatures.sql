-- One row a response that counted for a person then: what it said of time and role.
select
    places.response_id,
    places.signatory_id,
    places.place,
    signatures.created_at,
    signatures.modified_at,
    signatures.role_state,
    signatures.role_choice_id,
    signatures.role_other
from staging.places_then as places
join core.signatures as signatures on signatures.response_id = places.response_id
anti join staging.responses as earlier on earlier.response_id = places.response_id
where places.place in ('signatory', 'duplicate')
union all
select
    places.response_id,
    places.signatory_id,
    places.place,
    responses.created_at,
    responses.modified_at,
    case
        when $is_role_asked = 'no' then 'not asked'
        when coalesce(fields.n_choices, 0) > 1 then 'several'
        when fields.is_choice_known then 'known'
        when fields.role_choice_id is not null then 'unknown choice'
        when coalesce(fields.n_others, 0) > 0 then 'other'
        else 'no answer'
    end as role_state,
    fields.role_choice_id,
    fields.role_other
from staging.responses as responses
join staging.places_then as places on places.response_id = responses.response_id
left join staging.fields as fields on fields.response_id = responses.response_id
