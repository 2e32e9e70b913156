-- One row a signal as it stands tonight, and when it was noticed: one found again, when it first was.
select
    tonight.signal, tonight.signatory_id, tonight.other_id, tonight.response_id,
    coalesce(replaced.noticed_at, $at) as noticed_at,
    coalesce(replaced.run_id, $run_id) as run_id
from staging.tonight as tonight
left join staging.replaced as replaced
    on replaced.signal = tonight.signal
    and replaced.signatory_id = tonight.signatory_id
    and replaced.other_id is not distinct from tonight.other_id
    and replaced.response_id is not distinct from tonight.response_id
