-- One row a role: each on the current form, even if nobody has it, and each that a person has; where the form
-- asks for the role also (no answer), and Other where that question has or had an other-line, so that neither
-- appears with its first signatory.
with asked as (
    select choices.kind
    from ledger.fields as fields
    left join staging.choices as choices on choices.question_id = fields.question_id
    where fields.field = 'role'
),
shown as (
    select role, position, 1 as n from staging.signatory_roles
    union all
    select role, position, 0 from staging.roles where position < 1000
    union all
    select 'Other', 100000, 0 from asked where kind = 'other'
    union all
    select '(no answer)', 100002, 0 from asked
)
select
    role,
    cast(sum(n) as bigint) as n_signatories,
    row_number() over (order by min(position), role) as role_no
from shown
group by role
order by role_no
