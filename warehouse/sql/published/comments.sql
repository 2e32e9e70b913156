-- What each published table and column means; docs/columns.md is made from these.
comment on table signatories is 'One row a person who signed the pledge: one email address, one person.';
comment on column signatories.signatory_id is 'Surrogate id; stays with the person from night to night. It is no id of the platform.';
comment on column signatories.role is 'Role of the person''s latest signature, as the current form words it or as the settings group it. Other: a text of their own. (no answer), (unknown choice) and (not asked) say why there is none.';
comment on column signatories.signed_at is 'When the person''s earliest signature that counts was begun (UTC). Empty if the platform gave no readable time.';
comment on column signatories.signed_on is 'The same as a date in Europe/London.';
comment on column signatories.modified_on is 'Date (Europe/London) of the last change to the latest signature.';
comment on column signatories.n_signatures is 'How many signatures this person gave, this one included; all but the latest are duplicates.';
comment on column signatories.pledge_version is 'Version of the form in force when the person first signed; see pledge_versions. Empty if the signing time is unknown.';
comment on column signatories.source is 'Where the latest signature came from: api, or an export file.';
comment on column signatories.is_on_paper is 'The latest signature was typed in by staff from a paper sheet.';

comment on table signatures is 'One row a signature that counts for a person: the latest, and the earlier ones it replaced.';
comment on column signatures.signatory_id is 'The person; see signatories.';
comment on column signatures.signature_no is 'From 1, in the order of signing, within a person.';
comment on column signatures.is_current is 'This is the signature whose role counts.';
comment on column signatures.signed_at is 'When it was begun (UTC).';
comment on column signatures.signed_on is 'The same as a date in Europe/London.';
comment on column signatures.source is 'Where it came from: api, or an export file.';
comment on column signatures.is_on_paper is 'Typed in by staff from a paper sheet.';

comment on table signatories_by_role is 'One row a role: every choice of the current form, and every other role that somebody has.';
comment on column signatories_by_role.role is 'As in signatories.';
comment on column signatories_by_role.n_signatories is 'People with this role. Exact: not for publication below 10 (see docs/privacy.md).';
comment on column signatories_by_role.role_no is 'Order of the form, from 1.';

comment on table signatories_by_day is 'One row a day on which somebody signed; days without are absent.';
comment on column signatories_by_day.signed_on is 'Date in Europe/London.';
comment on column signatories_by_day.n_signatories is 'People whose earliest signature is of that day.';
comment on column signatories_by_day.n_signatories_to_date is 'The same, added up to and including that day.';

comment on table signatories_by_month_and_role is 'One row a month and role that somebody signed in.';
comment on column signatories_by_month_and_role.month_on is 'First day of the month, Europe/London.';
comment on column signatories_by_month_and_role.role is 'As in signatories.';
comment on column signatories_by_month_and_role.n_signatories is 'People. Exact: not for publication below 10.';

comment on table pledge_versions is 'One row a version of the form: what people read when they signed.';
comment on column pledge_versions.pledge_version is 'From 1, in the order first seen.';
comment on column pledge_versions.first_seen_at is 'When the pipeline first saw it (UTC). The first version is taken to have been in force before.';
comment on column pledge_versions.title is 'Title of the survey.';
comment on column pledge_versions.wording is 'Texts of the form, a paragraph a line.';
comment on column pledge_versions.is_current is 'The form as it stands now.';

comment on table held_back_by_rule is 'One row a rule that holds back responses now: they are kept, and do not count until they pass.';
comment on column held_back_by_rule.rule is 'Name of the rule; docs/checks.md lists them.';
comment on column held_back_by_rule.reason is 'The rule in plain words.';
comment on column held_back_by_rule.n_responses is 'Responses whose first failed rule it is.';
comment on column held_back_by_rule.oldest_held_at is 'Since when the longest held has been held (UTC).';

comment on table reconciliation is 'Where each response ever seen is. The row named seen is the sum of all others.';
comment on column reconciliation.place is 'seen, signatory, duplicate, held back, not counted, withdrawn or erased.';
comment on column reconciliation.reason is 'The rule or reason.';
comment on column reconciliation.n_responses is 'Responses.';

comment on table platform_comparison is 'One row a thing that the platform counts too, when it was last asked: all responses, and each choice of the question for the role, whatever the response''s status and before duplicates are taken out.';
comment on column platform_comparison.what is 'responses, or role: and the choice''s text on the form.';
comment on column platform_comparison.n_platform is 'The platform''s own count.';
comment on column platform_comparison.n_here is 'What was held of the platform at that time. Exact, like the platform''s: not for publication below 10.';
comment on column platform_comparison.compared_at is 'When the two were compared (UTC). Empty if never.';

comment on table headline is 'One row: how many people signed, and between what that would lie if every open case were decided one way or the other.';
comment on column headline.n_signatories is 'People who signed: one email address, one person, but where somebody has decided otherwise. The figure to give.';
comment on column headline.n_lowest is 'If every two people who may be one were one, and nobody with a disposable address, from a burst or too fast were counted.';
comment on column headline.n_highest is 'If every signature with a clearly different name on a shared address were a person of its own.';
comment on column headline.n_to_review is 'Open cases: see signals.';

comment on table signals is 'One row a signal: a reason to look at a person or at two. It changes no figure by itself.';
comment on column signals.signal is 'Name of the signal.';
comment on column signals.reason is 'The signal in plain words.';
comment on column signals.n_open is 'Cases that nobody has decided.';
comment on column signals.n_decided is 'Cases that somebody has decided.';

comment on table runs is 'One row a run of the pipeline, up to the one that made this file.';
comment on column runs.run_id is 'Name of the run: when it began (UTC).';
comment on column runs.command is 'What was run.';
comment on column runs.started_at is 'UTC.';
comment on column runs.ended_at is 'UTC. Empty if it was killed, and for the run that made this file.';
comment on column runs.state is 'complete, partial, unchanged or refused; running if it was killed; publishing for the run that made this file.';
comment on column runs.n_requests is 'Calls to the platform.';
comment on column runs.n_pages is 'Pages of responses among them.';
comment on column runs.n_responses_new is 'Responses never seen before.';
comment on column runs.n_responses_changed is 'Responses seen before that came with another content.';
comment on column runs.n_responses_withdrawn is 'Responses found to have vanished at the platform.';

comment on table about is 'One row: what this file is.';
comment on column about.run_id is 'The run that made it.';
comment on column about.published_at is 'When it was made (UTC).';
comment on column about.fresh_as_of is 'When the platform was read for it (UTC).';
comment on column about.survey_title is 'Title of the survey.';
comment on column about.n_signatories is 'People who signed.';
comment on column about.content is 'Fingerprint of what the file was made from: two files with the same one hold the same figures.';
comment on column about.schema_version is 'Changes when a table or column changes; see CHANGELOG.md.';
