-- One row: how many people signed, and between what that would lie if the open cases were decided. Lowest: every
-- open pair is one person, and nobody with an open case about the signing itself counts. Highest: every
-- signature with a clearly different name on a shared address is a person of its own.
with doubted as (
    select distinct signatory_id
    from staging.open_signals
    where signal in ('disposable-domain', 'burst', 'too-fast')
),
people as (
    select coalesce(maybe_same.first_id, signatories.signatory_id) as person_id
    from core.signatories as signatories
    anti join doubted on doubted.signatory_id = signatories.signatory_id
    left join staging.maybe_same as maybe_same on maybe_same.signatory_id = signatories.signatory_id
)
select
    (select count(*) from core.signatories) as n_signatories,
    (select count(distinct person_id) from people) as n_lowest,
    (select count(*) from core.signatories)
        + (select count(*) from staging.open_signals where signal = 'two-people-one-address') as n_highest,
    (select count(*) from staging.open_signals) as n_to_review,
    (
        select count(distinct [least(signatory_id, other_id), greatest(signatory_id, other_id)])
        from staging.open_signals
        where other_id is not null
    ) as n_maybe_same,
    (select count(*) from staging.open_signals where signal = 'two-people-one-address') as n_maybe_two,
    (select count(*) from doubted) as n_maybe_not_genuine
