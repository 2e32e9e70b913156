-- What a release's pack shows besides: the signatories by the choices of further questions, in the order of the
-- settings and of the form, and the open doubts by kind. Null in releases from before.
alter table releases.figures
add column breakdowns struct(name varchar, question varchar, choices struct(choice varchar, n bigint)[])[];
alter table releases.figures add column doubts struct(kind varchar, n bigint)[];

-- At most one row: what packs have shown so far, as whoever makes them writes it down.
create table releases.packs_shown (noted_at timestamptz not null, content varchar not null);
