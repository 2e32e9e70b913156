-- One row an open case, with the signatures that it is about: one or two of each. Names and addresses: for
-- review by staff, and nothing else.
select
    cases.case_name,
    cases.signal,
    cases.reason,
    list_filter(
        [people.response_id, coalesce(others.response_id, signatures.response_id)],
        lambda one: one is not null
    ) as response_ids,
    list_filter([people.name, coalesce(others.name, signatures.name)], lambda one: one is not null) as names,
    list_filter([people.email, coalesce(others.email, signatures.email)], lambda one: one is not null) as emails
from staging.open_signals as cases
join core.signatories as people on people.signatory_id = cases.signatory_id
left join core.signatories as others on others.signatory_id = cases.other_id
left join core.signatures as signatures
    on cases.signal = 'two-people-one-address' and signatures.response_id = cases.response_id
where $signal is null or cases.signal = $signal
order by cases.signal, cases.signatory_id, cases.other_id, cases.response_id
