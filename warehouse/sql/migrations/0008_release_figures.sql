-- The figures of each release, counts only: what a pack of an earlier day is made from.
create schema releases;

-- One row a release, in the order in which they were made. n_platform and n_here: the platform's own count of
-- responses and ours of the same, null where they weren't compared.
create table releases.figures (
    release_no integer primary key,
    run_id varchar not null,
    published_at timestamptz not null,
    fresh_as_of timestamptz not null,
    n_signatories bigint not null,
    n_seen bigint not null,
    by_role struct(role varchar, n bigint)[],
    dispositions struct(place varchar, reason varchar, n bigint)[],
    held_back struct(rule varchar, reason varchar, n bigint)[],
    wording varchar,
    wording_since timestamptz,
    n_lowest bigint,
    n_highest bigint,
    n_platform bigint,
    n_here bigint,
    compared_at timestamptz
);

-- One row a day of first signing and role whose count a release has changed: how many more people than in the
-- release before. A release's own counts are the sums up to it.
create table releases.day_changes (
    release_no integer not null,
    signed_on date not null,
    role varchar not null,
    n_more bigint not null
);
