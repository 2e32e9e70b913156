-- One row a role: each on the current form, even if nobody has it, and each that a person has.
with shown as (
    select role, position, 1 as n from staging.signatory_roles
    union all
    select role, position, 0 from staging.roles where position < 1000
)
select
    role,
    cast(sum(n) as bigint) as n_signatories,
    row_number() over (order by min(position), role) as role_no
from shown
group by role
order by role_no
