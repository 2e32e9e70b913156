-- One row a signal: how many cases of it are open, and how many people have decided.
with noticed as (
    select signals.signal, count(*) as n_signals
    from core.signals as signals
    semi join core.signatories as signatories on signatories.signatory_id = signals.signatory_id
    group by signals.signal
),
still_open as (
    select signal, count(*) as n_open from staging.open_signals group by signal
)
select
    reasons.signal,
    reasons.reason,
    coalesce(still_open.n_open, 0) as n_open,
    coalesce(noticed.n_signals, 0) - coalesce(still_open.n_open, 0) as n_decided
from core.signal_reasons as reasons
left join noticed on noticed.signal = reasons.signal
left join still_open on still_open.signal = reasons.signal
order by reasons.signal
