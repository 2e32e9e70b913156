-- One row a check of the built tables: what is observed, and what it must be to what is expected. A severity
-- of stop keeps the night from being published, one of tell is told to the operator.
with placed as (select disposition, count(*) as n from core.dispositions group by disposition),
seen as (
    select count(distinct response_id) as n from raw.responses where survey_id = $survey_id
),
of_the_platform as (
    select response_id
    from raw.responses
    where survey_id = $survey_id and source = 'api'
    except
    select response_id from core.withdrawn
),
-- The platform still has them, and counts what they ticked; what that was isn't known any more.
erased_there as (
    select response_id from of_the_platform
    intersect
    select response_id from privacy.erased_responses
),
roles as (select role, count(*) as n from staging.signatory_roles group by role),
choices as (select breakdown_no, count(*) as n from staging.signatory_choices group by breakdown_no),
rollups as (select unnest($choice_ids) as choice_id, unnest($choice_counts) as n),
ticked as (
    select distinct answers.response_id, ticks.choice_id
    from core.answers as answers
    join ledger.fields as fields on fields.field = 'role' and fields.question_id = answers.question_id
    join rollups as ticks on ticks.choice_id in (answers.choice_id, answers.other_id)
    semi join of_the_platform on of_the_platform.response_id = answers.response_id
)
select 'keys-unique' as check, 'places' as subject, count(*) as observed, 'equal' as relation,
    count(distinct response_id) as expected, 'stop' as severity
from core.dispositions
union all
select 'keys-unique', 'signatories', count(*), 'equal', count(distinct email_key), 'stop' from core.signatories
union all
select 'keys-unique', 'signatory ids', count(*), 'equal', count(distinct signatory_id), 'stop'
from core.signatories
union all
select 'keys-unique', 'signatures', count(*), 'equal', count(distinct response_id), 'stop' from core.signatures
union all
select 'references-whole', 'signatories without a response', count(*), 'equal', 0, 'stop'
from core.signatories anti join core.signatures using (response_id)
union all
select 'references-whole', 'answers without a response', count(*), 'equal', 0, 'stop'
from core.answers anti join core.signatures using (response_id)
union all
select 'references-whole', 'signatories without a place', count(*), 'equal', 0, 'stop'
from core.signatories
anti join (select response_id from core.dispositions where disposition = 'signatory') as of_people using (response_id)
union all
select 'references-whole', 'places still to be decided', count(*), 'equal', 0, 'stop'
from core.pending_responses
union all
select 'conservation', 'responses seen and placed', (select n from seen), 'equal',
    (select coalesce(sum(n), 0) from placed), 'stop'
union all
select 'conservation', 'signatories and their places', (select count(*) from core.signatories), 'equal',
    (select coalesce(sum(n), 0) from placed where disposition = 'signatory'), 'stop'
union all
select 'conservation', 'signatures of all signatories',
    (select coalesce(sum(n_signatures), 0) from core.signatories), 'equal',
    (select coalesce(sum(n), 0) from placed where disposition in ('signatory', 'duplicate')), 'stop'
union all
select 'roles-add-up', 'signatories', (select coalesce(sum(n), 0) from roles), 'equal',
    (select count(*) from core.signatories), 'stop'
union all
select 'choices-add-up', breakdowns.breakdown, coalesce(any_value(choices.n), 0), 'equal',
    (select count(*) from core.signatories), 'stop'
from staging.breakdowns as breakdowns
left join choices on choices.breakdown_no = breakdowns.breakdown_no
group by breakdowns.breakdown_no, breakdowns.breakdown
union all
select 'days-add-up', 'signatories with a day', (select count(signed_at) from core.signatories), 'equal',
    (select count(*) from core.signatories), 'stop'
union all
select 'total-fell', 'signatories now', (select count(*) from core.signatories), 'at least',
    $least_total, case when $is_fall_accepted then 'tell' else 'stop' end
where $least_total is not null
union all
select 'fresh', 'hours since the last whole reading', $hours_since_fresh, 'at most', $stale_after_hours, 'tell'
where $hours_since_fresh is not null
union all
select 'platform-total', 'live responses', (select count(*) from of_the_platform), 'equal', $platform_total, 'tell'
where $platform_total is not null
union all
select 'roles-as-platform', concat('choice ', choice_id), n_ticked, 'equal',
    case when n_ticked < n and n_ticked >= n - n_erased then n_ticked else n end, 'tell'
from (
    select
        rollups.choice_id,
        rollups.n,
        count(ticked.response_id) as n_ticked,
        (select count(*) from erased_there) as n_erased
    from rollups
    left join ticked on ticked.choice_id = rollups.choice_id
    group by rollups.choice_id, rollups.n
) as compared
