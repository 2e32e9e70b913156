-- One row a response, typed.
select
    responses.*,
    fields.name,
    fields.email,
    coalesce(emails.plain_key, decided.email_key) as email_key,
    case
        when fields.email is null then 'missing'
        when emails.plain_key is null then decided.email_problem
    end as email_problem,
    case
        when not $is_role_asked then 'not asked'
        when coalesce(fields.n_choices, 0) > 1 then 'several'
        when fields.is_choice_known then 'known'
        when fields.role_choice_id is not null then 'unknown choice'
        when coalesce(fields.n_others, 0) > 0 then 'other'
        else 'no answer'
    end as role_state,
    fields.role_choice_id,
    fields.role_other
from staging.responses as responses
left join staging.fields as fields on fields.response_id = responses.response_id
left join staging.emails as emails on emails.response_id = responses.response_id
left join core.email_keys as decided on decided.email = fields.email
