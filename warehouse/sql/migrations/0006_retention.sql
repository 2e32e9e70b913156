-- What isn't kept any longer, and what was erased for that.

-- One row a kind of data and run that erased some of it. n_responses: those that the run set out to erase
-- it from; a run that was cut short has erased it from some, and the next one from the rest.
create table privacy.retention (
    what varchar not null,
    run_id varchar not null,
    erased_at timestamptz not null,
    n_responses bigint not null,
    primary key (what, run_id)
);

-- One row a version of a response that still holds an IP address: when the response was made; null where
-- that can't be read.
create table privacy.ip_addresses (received_no bigint not null, made_at timestamptz);
