-- One row: what a copy of the vault is kept for, in a few numbers that change whenever some of it does.
select
    (select max(received_no) from raw.responses) as newest_version,
    (select count(*) from raw.responses) as n_versions,
    (select count(*) from raw.forms_in_force) as n_forms_in_force,
    (select count(*) from core.withdrawn) as n_withdrawn,
    (select max(noticed_at) from core.withdrawn) as last_withdrawn_at,
    (select max(erased_at) from core.withdrawn) as last_erased_at,
    (select max(erased_at) from privacy.retention) as last_retention_at,
    (select max(signatory_id) from core.signatory_ids) as newest_signatory_id,
    (select count(*) from core.held_back) as n_held_back,
    (select max(held_since) from core.held_back) as last_held_at,
    (select max(decision_no) from core.decisions) as newest_decision,
    (select count(undone_at) from core.decisions) as n_undone,
    (select count(*) from privacy.erasures) as n_erasures,
    (select count(*) from privacy.access_log) as n_accesses,
    (select max(noted_at) from releases.packs_shown) as packs_shown_at,
    (select count(*) from migrations) as n_migrations
