-- One row: what the vault's figures rest on, in a few numbers that change whenever one of them does.
select
    (select max(received_no) from raw.responses) as newest_version,
    (select count(*) from raw.forms_in_force) as n_forms_in_force,
    (select count(*) from core.withdrawn) as n_withdrawn,
    (select max(noticed_at) from core.withdrawn) as last_withdrawn_at,
    (select count(*) from core.held_back) as n_held_back,
    (select max(held_since) from core.held_back) as last_held_at,
    (select max(decision_no) from core.decisions) as newest_decision,
    (select count(undone_at) from core.decisions) as n_undone,
    (select count(*) from core.signals) as n_signals,
    (select sum(signatory_id) + coalesce(sum(other_id), 0) from core.signals) as sum_of_signals,
    (select count(*) from privacy.erasures) as n_erasures
