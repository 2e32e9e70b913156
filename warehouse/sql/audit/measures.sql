-- One row a check of the built tables: what is observed, and what it must equal. A severity of stop keeps
-- the night from being published, one of tell is told to the operator.
with placed as (select place, count(*) as n from core.places group by place),
seen as (
    select count(distinct response_id) as n from raw.responses where survey_id = $survey_id
),
roles as (select role, count(*) as n from staging.signatory_roles group by role)
select 'keys-unique' as check, 'places' as subject, count(*) as observed,
    count(distinct response_id) as expected, 'stop' as severity
from core.places
union all
select 'keys-unique', 'signatories', count(*), count(distinct email_key), 'stop' from core.signatories
union all
select 'keys-unique', 'signatory ids', count(*), count(distinct signatory_id), 'stop' from core.signatories
union all
select 'keys-unique', 'signatures', count(*), count(distinct response_id), 'stop' from core.signatures
union all
select 'references-whole', 'signatories without a response', count(*), 0, 'stop'
from core.signatories anti join core.signatures using (response_id)
union all
select 'references-whole', 'answers without a response', count(*), 0, 'stop'
from core.answers anti join core.signatures using (response_id)
union all
select 'references-whole', 'signatories without a place', count(*), 0, 'stop'
from core.signatories
anti join (select response_id from core.places where place = 'signatory') as places using (response_id)
union all
select 'references-whole', 'places still to be decided', count(*), 0, 'stop' from core.touched_responses
union all
select 'conservation', 'responses seen and placed', (select n from seen),
    (select coalesce(sum(n), 0) from placed), 'stop'
union all
select 'conservation', 'signatories and their places', (select count(*) from core.signatories),
    (select coalesce(sum(n), 0) from placed where place = 'signatory'), 'stop'
union all
select 'conservation', 'signatures of all signatories', (select coalesce(sum(n_signatures), 0) from core.signatories),
    (select coalesce(sum(n), 0) from placed where place in ('signatory', 'duplicate')), 'stop'
union all
select 'roles-add-up', 'signatories', (select coalesce(sum(n), 0) from roles),
    (select count(*) from core.signatories), 'stop'
union all
select 'days-add-up', 'signatories with a day', (select count(signed_at) from core.signatories),
    (select count(*) from core.signatories), 'stop'
union all
select 'platform-total', 'live responses', (
        select count(distinct response_id)
        from raw.responses
        where survey_id = $survey_id and source = 'api'
            and response_id not in (select response_id from core.withdrawn)
    ), $platform_total, 'tell'
where $platform_total is not null
