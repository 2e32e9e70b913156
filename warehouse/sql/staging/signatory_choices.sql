-- One row a person and breakdown: the choice in the latest signature as the form words it, and where it stands:
-- choices that left the form after the rest. Where a question was replaced, the first one answered counts; of
-- several choices the one first on the current form.
with given as (
    select
        signatories.signatory_id,
        breakdowns.breakdown_no,
        breakdowns.place_no,
        case
            when choices.kind = 'choice' then choices.text
            when choices.kind is null and nullif(answers.choice_id, '') is not null then '(unknown choice)'
            else 'Other'
        end as choice,
        case
            when choices.kind = 'choice' then choices.position + case when choices.is_current then 0 else 1000 end
            when choices.kind is null and nullif(answers.choice_id, '') is not null then 100001
            else 100000
        end as position
    from core.signatories as signatories
    join core.answers as answers on answers.response_id = signatories.response_id
    join staging.breakdowns as breakdowns on breakdowns.question_id = answers.question_id
    left join staging.choices as choices
        on choices.question_id = answers.question_id and choices.option_id = answers.choice_id
    where nullif(answers.choice_id, '') is not null or nullif(answers.other_id, '') is not null
),
chosen as (
    select signatory_id, breakdown_no, choice, position
    from given
    qualify row_number() over (
        partition by signatory_id, breakdown_no order by place_no, position, choice
    ) = 1
),
breakdowns as (select distinct breakdown_no, breakdown from staging.breakdowns)
select
    signatories.signatory_id,
    breakdowns.breakdown_no,
    breakdowns.breakdown,
    coalesce(chosen.choice, '(no answer)') as choice,
    coalesce(chosen.position, 100002) as position
from core.signatories as signatories
cross join breakdowns
left join chosen
    on chosen.signatory_id = signatories.signatory_id and chosen.breakdown_no = breakdowns.breakdown_no
