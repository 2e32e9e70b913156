-- One row a decision of a person. Nothing here is changed but for the three columns of undoing it.
-- In force: the latest about a subject that isn't undone.
--   kind            subject             other_subject   verdict
--   response        response id                         accept, reject
--   apart           response id                         apart: a person of its own, whatever its address
--   pair            signatory id        signatory id    same, different
--   signal          name and subject                    dismissed: looked at, nothing in it
--   other text      text, normalised                    role
--   exact text      text                                role
--   choice          choice id                           role
-- detail: of an accepted response the rules it failed then, joined by commas.
create table core.decisions (
    decision_no bigint primary key,
    kind varchar not null,
    subject varchar not null,
    other_subject varchar,
    verdict varchar not null,
    detail varchar,
    because varchar not null,
    who varchar not null,
    decided_at timestamptz not null,
    undone_at timestamptz,
    undone_by varchar,
    undone_because varchar
);

-- One row a time at which a response came into another place, or was given to another person.
create table core.place_changes (
    response_id varchar not null,
    place varchar not null,
    reason varchar not null,
    signatory_id bigint,
    changed_at timestamptz not null,
    run_id varchar not null
);

-- One row a reason to look at a person or at two: it changes no figure by itself. signatory_id is the
-- person's, other_id another one's where the signal is about two, response_id the response's where it is
-- about one of several.
create table core.signals (
    signal varchar not null,
    signatory_id bigint not null,
    other_id bigint,
    response_id varchar,
    noticed_at timestamptz not null,
    run_id varchar not null
);

-- One row an email key: the mailbox it is a spelling of, by the rules of its provider, and the names as compared.
create table core.mailboxes (email_key varchar not null, mailbox varchar not null);

-- One row a response that came from a known address block within the last 30 days: the block as a keyed hash.
create table core.address_blocks (
    response_id varchar not null,
    block varchar not null,
    signed_at timestamptz not null
);
