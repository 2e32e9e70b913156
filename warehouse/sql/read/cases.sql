-- One row an open case, with the signatures that it is about: one or two of each. Names and addresses: for
-- review by staff, and nothing else.
select
    cases.case_name,
    cases.signal,
    cases.reason,
    list_filter([people.response_id, others.response_id], lambda one: one is not null) as response_ids,
    list_filter([people.name, others.name], lambda one: one is not null) as names,
    list_filter([people.email, others.email], lambda one: one is not null) as emails
from staging.open_signals as cases
join core.signatories as people on people.signatory_id = cases.signatory_id
left join core.signatories as other_people on other_people.signatory_id = cases.other_id
left join core.signatures as others
    on others.response_id = case
        when cases.signal = 'two-people-one-address' then cases.response_id
        else other_people.response_id
    end
where $signal is null or cases.signal = $signal
order by cases.signal, cases.signatory_id, cases.other_id, cases.response_id
