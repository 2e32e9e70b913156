-- One row a case, with the two signatures that it is about; where it is about one, the second is empty. Names and
-- addresses: for review by staff, and nothing else.
select
    cases.case_name,
    cases.signal,
    cases.reason,
    cases.signatory_id,
    cases.other_id,
    people.response_id as one_response_id,
    people.name as one_name,
    people.email as one_email,
    coalesce(others.response_id, signatures.response_id) as other_response_id,
    coalesce(others.name, signatures.name) as other_name,
    coalesce(others.email, signatures.email) as other_email
from staging.open_signals as cases
join core.signatories as people on people.signatory_id = cases.signatory_id
left join core.signatories as others on others.signatory_id = cases.other_id
left join core.signatures as signatures
    on cases.signal = 'two-people-one-address' and signatures.response_id = cases.response_id
order by cases.signal, cases.signatory_id, cases.other_id, cases.response_id
