-- One row: a hash of the role's choices as far as it matters which one counts, so not of their texts.
select
    md5(string_agg(concat_ws(' ', option_id, kind, position, is_current), ', ' order by option_id)) as choices_order
from staging.choices
where question_id in (select unnest($role_question_ids))
