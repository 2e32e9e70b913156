-- One row a decision of a person. Nothing here is changed but for the three columns of undoing it, and for
-- the subject of one about a text that nobody's answer has any more, once it is erased.
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
create sequence core.place_change_numbers;
create table core.place_changes (
    change_no bigint not null default nextval('core.place_change_numbers'),
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

-- One row a signal: its name, and the reason in plain words.
create table core.signal_reasons (signal varchar not null, reason varchar not null);

-- One row a person who was looked at for signals, as the person was then: who isn't so any more is looked at again.
create table core.noticed (
    signatory_id bigint not null,
    response_id varchar not null,
    modified_at timestamptz,
    n_signatures integer not null
);

-- One row an email key of a person: the mailbox it is a spelling of, by the rules of its provider, and what the
-- person's name is compared by; null where the name is too little to go by.
create table core.mailboxes (
    signatory_id bigint not null,
    email_key varchar not null,
    mailbox varchar not null,
    name_key varchar
);

-- One row a response that came from a known address block within the last 30 days: the block as a keyed hash.
create table core.address_blocks (
    response_id varchar not null,
    block varchar not null,
    signed_at timestamptz not null
);

-- One row a response that was filled in faster than the form can be read.
create table core.quick_responses (response_id varchar not null);
