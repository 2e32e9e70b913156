-- One row a case: a signal that no decision in force closes. A pair is closed by a decision that the two are
-- one person or not, a signature on a shared address by one that it is another person's, any signal by one
-- that nothing is in it: about the case, or about the signal and the person.
with cases as (
    select distinct
        signals.signal, signals.signatory_id, signals.other_id, signals.response_id,
        concat(
            signals.signal,
            ' ',
            signals.signatory_id,
            case
                when signals.other_id is not null then concat(' ', signals.other_id)
                when signals.signal = 'two-people-one-address' then concat(' ', signals.response_id)
                else ''
            end
        ) as case_name
    from core.signals as signals
    semi join core.signatories as people on people.signatory_id = signals.signatory_id
)
select
    cases.case_name, cases.signal, reasons.reason, cases.signatory_id, cases.other_id, cases.response_id
from cases
join core.signal_reasons as reasons on reasons.signal = cases.signal
anti join staging.decided as pairs
    on pairs.kind = 'pair'
    and pairs.subject = cast(cases.signatory_id as varchar)
    and pairs.other_subject = cast(cases.other_id as varchar)
anti join staging.decided as aparts
    on aparts.kind = 'apart'
    and aparts.subject = cases.response_id
    and cases.signal = 'two-people-one-address'
anti join staging.decided as dismissed on dismissed.kind = 'signal' and dismissed.subject = cases.case_name
anti join staging.decided as dismissed_of_person
    on dismissed_of_person.kind = 'signal'
    and dismissed_of_person.subject
        = case when cases.other_id is null then concat(cases.signal, ' ', cases.signatory_id) end
order by cases.signal, cases.signatory_id, cases.other_id, cases.response_id
