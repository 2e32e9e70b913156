-- One row a signal as it stands in this run, and when it was noticed: one found again, when it first was.
select
    current_signals.signal, current_signals.signatory_id, current_signals.other_id, current_signals.response_id,
    coalesce(replaced.noticed_at, $at) as noticed_at,
    coalesce(replaced.run_id, $run_id) as run_id
from staging.current_signals as current_signals
left join staging.replaced as replaced
    on replaced.signal = current_signals.signal
    and replaced.signatory_id = current_signals.signatory_id
    and replaced.other_id is not distinct from current_signals.other_id
    and replaced.response_id is not distinct from current_signals.response_id
