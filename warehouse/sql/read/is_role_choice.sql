-- One row: whether any form, or anybody's answer to the role question, has this choice.
select
    exists (select 1 from staging.roles where option_id = $choice_id)
    or exists (select 1 from core.signatures where role_choice_id = $choice_id) as is_there
