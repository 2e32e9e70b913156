-- One row: how many signatories wrote this text as their role, or one of this normal form.
select count(*) as n
from staging.other_texts as texts
join core.signatories as signatories
    on signatories.role_state = 'other' and signatories.role_other = texts.text
where case when $kind = 'exact text' then texts.text else texts.normal_form end = $subject
