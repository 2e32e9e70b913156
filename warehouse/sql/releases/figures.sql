-- One row: what a pack is made from, but for days, doubts and wording, in the published file that is in use.
select
    about.run_id, about.published_at, about.fresh_as_of, about.n_signatories,
    (select n_responses from reconciliation where place = 'seen') as n_seen,
    (select list({'role': role, 'n': n_signatories} order by role_no) from signatories_by_role) as by_role,
    (
        select list({'place': place, 'reason': reason, 'n': n_responses} order by place, reason)
        from reconciliation
        where place <> 'seen'
    ) as dispositions,
    (select list({'rule': rule, 'reason': reason, 'n': n_responses} order by rule) from held_back_by_rule) as held_back
from about
