-- One row a response and rule by which its answer must be unique: its place in line, from 1, among those that
-- give this answer and count as far as the other rules and people's decisions go. Who began first is first.
with held as (
    select unnest($held_ids) as response_id, string_split(unnest($held_rules), ',') as rules
    union all
    select
        held_back.response_id,
        list_filter(
            string_split(held_back.all_rules, ','), lambda rule: not list_contains($unique_rules, rule)
        ) as rules
    from core.held_back as held_back
    anti join staging.facts as facts on facts.response_id = held_back.response_id
),
kept_out as (
    select held.response_id
    from held
    left join staging.decided as accepted
        on accepted.kind = 'response' and accepted.verdict = 'accept' and accepted.subject = held.response_id
    where len(list_filter(
        held.rules, lambda rule: not list_contains(string_split(coalesce(accepted.detail, ''), ','), rule)
    )) > 0
    union
    select subject from staging.decided where kind = 'response' and verdict = 'reject'
)
select
    answers.response_id,
    answers.rule,
    cast(row_number() over (
        partition by answers.rule, answers.text
        order by
            signatures.created_at nulls last,
            try_cast(answers.response_id as hugeint) nulls last,
            answers.response_id
    ) as varchar) as text
from staging.own_answers as answers
join core.signatures as signatures on signatures.response_id = answers.response_id
anti join core.withdrawn as withdrawn on withdrawn.response_id = answers.response_id
anti join kept_out on kept_out.response_id = answers.response_id
where answers.is_unique
    and coalesce(signatures.status, '') not in ('partial', 'overquota', 'disqualified')
    and coalesce(signatures.mode, '') not in ('preview', 'survey_preview')
