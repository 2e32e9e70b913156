-- Erases what people wrote in the responses of staging.to_erase. One version stays as a row with id, survey
-- and status, under its number: the platform's newest, so that no file can bring the person back. A person's
-- surrogate id stays taken, so that nobody else is given it. All that came in must be decided: an address that
-- no signature has is then nobody's.
delete from raw.responses
where response_id in (select response_id from staging.to_erase)
    and received_no not in (
        select arg_max(received_no, {'is_platforms': source = 'api', 'received_no': received_no})
        from raw.responses
        group by response_id
    );

update raw.responses
set body = json_object(
        'id', response_id,
        'survey_id', survey_id,
        'response_status', case
            when body ->> '$.response_status' in ('completed', 'partial', 'overquota', 'disqualified')
                then body ->> '$.response_status'
        end
    )
where response_id in (select response_id from staging.to_erase);

update raw.responses
set body_md5 = md5_number(body)
where response_id in (select response_id from staging.to_erase);

delete from core.signatories where response_id in (select response_id from staging.to_erase);
delete from core.answers where response_id in (select response_id from staging.to_erase);
delete from core.held_back where response_id in (select response_id from staging.to_erase);

update core.signatures
set
    stated_survey_id = survey_id,
    collector_id = null,
    mode = null,
    created_at = null,
    modified_at = null,
    name = null,
    email = null,
    email_key = null,
    email_problem = 'missing',
    role_state = case when role_state = 'not asked' then role_state else 'no answer' end,
    role_choice_id = null,
    role_other = null
where response_id in (select response_id from staging.to_erase);

update core.dispositions set email_key = null where response_id in (select response_id from staging.to_erase);

delete from core.email_keys
where email not in (select email from core.signatures where email is not null);

delete from core.mailboxes
where email_key not in (select email_key from core.signatures where email_key is not null);
delete from core.quick_responses where response_id in (select response_id from staging.to_erase);
delete from core.address_blocks where response_id in (select response_id from staging.to_erase);

update core.decisions
set subject = concat('erased ', decision_no)
where kind in ('exact text', 'other text')
    and (kind, subject) not in (
        select unnest([
            ('exact text', role_other),
            ('other text', trim(regexp_replace(lower(role_other), '[\s\p{P}\p{S}\p{Z}]+', ' ', 'g')))
        ])
        from core.signatures
        where role_other is not null
    );

update core.signatory_ids
set email_key = concat('erased ', signatory_id)
where contains(email_key, '@')
    and email_key not in (select email_key from core.signatures where email_key is not null);
