-- One row a role: each on the current form, even if nobody has it, and each that a person has.
with shown as (
    select role, min(position) as position from staging.signatory_roles group by role
    union all
    select role, min(position) as position from staging.roles where position < 1000 group by role
),
ordered as (
    select role, min(position) as position from shown group by role
),
counted as (
    select role, count(*) as n_signatories from staging.signatory_roles group by role
)
select
    ordered.role,
    coalesce(counted.n_signatories, 0) as n_signatories,
    row_number() over (order by ordered.position, ordered.role) as role_no
from ordered
left join counted on counted.role = ordered.role
order by role_no
