-- One row a person who counted then: the role of the signature that counted, the time of the first.
with earliest as (
    select signatory_id, min(coalesce(created_at, modified_at)) as signed_at
    from staging.signatures_then
    group by signatory_id
)
select
    signatures.signatory_id,
    signatures.role_state,
    signatures.role_choice_id,
    signatures.role_other,
    earliest.signed_at
from staging.signatures_then as signatures
join earliest on earliest.signatory_id = signatures.signatory_id
where signatures.place = 'signatory'
