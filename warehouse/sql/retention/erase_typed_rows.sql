-- Erases what people typed from the typed rows of the pledge, with what was made of it. An email key becomes a keyed
-- hash in the shape of one, everywhere the same, so the same signatures stay one person's. Who counts, as what,
-- since when and by which decision stays; so do the cases, which name people by number. Keys such as “response 12”
-- and “person 3” are made of numbers and stay. SHA-256 over secret and key, since no HMAC is at hand in SQL: who has
-- the secret could try addresses by either.
update core.signatures
set
    name = null,
    email = null,
    email_key = case
        when contains(email_key, '@') then concat(left(sha256(concat($salt, email_key)), 32), $domain)
        else email_key
    end,
    role_other = (select any_value(erased_text) from staging.erased_texts where text = role_other)
where survey_id = $survey_id;

update core.signatories
set
    name = null,
    email = null,
    email_key = case
        when contains(email_key, '@') then concat(left(sha256(concat($salt, email_key)), 32), $domain)
        else email_key
    end,
    role_other = (select any_value(erased_text) from staging.erased_texts where text = role_other);

update core.dispositions
set email_key = concat(left(sha256(concat($salt, email_key)), 32), $domain)
where contains(email_key, '@');

update core.signatory_ids
set email_key = concat(left(sha256(concat($salt, email_key)), 32), $domain)
where contains(email_key, '@');

update core.decisions
set
    subject = case
        when kind = 'exact text'
            then (select any_value(erased_text) from staging.erased_texts where text = subject)
        when kind = 'other text'
            then (select any_value(erased_form) from staging.erased_texts where normal_form = subject)
        else subject
    end,
    because = '(erased)',
    undone_because = case when undone_because is not null then '(erased)' end;

-- What was only ever made of addresses; no later run reads it.
delete from core.email_keys;
delete from core.mailboxes;
delete from core.address_blocks;
