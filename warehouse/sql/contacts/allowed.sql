-- One row a signatory who may be contacted: their last word is yes.
-- A person's word is what each of their responses says that counts, is a duplicate, is held back or was rejected by
-- a person; one that isn't completed, is withdrawn or erased says nothing. The last word is that of the response
-- changed last, then of the larger id. It must be yes, and so must the word of the response that counts.
-- Yes is an answer to the question, all of which $answers names: a choice by its id, or by its text as the form
-- had it, whatever its capitals and blanks; where there are no choices, what the person wrote.
-- The form is the last one in force at the answer that could be answered so; else the first one after it, since a
-- change of the form is noticed by the next night. What no form asked so is no yes.
with asked as (
    select unnest($question_ids) as question_id, unnest($row_ids) as row_id
),
means_yes as (
    select
        answer,
        trim(regexp_replace(lower(replace(answer, '’', '''')), '\s+', ' ', 'g')) as folded
    from (select unnest($answers) as answer)
),
words as (
    select
        dispositions.email_key as person,
        signatures.response_id,
        coalesce(signatures.modified_at, signatures.created_at) as said_at,
        row_number() over (
            partition by dispositions.email_key
            order by
                signatures.modified_at desc nulls last,
                try_cast(signatures.response_id as hugeint) desc nulls last,
                signatures.response_id desc
        ) = 1 as is_last
    from core.dispositions as dispositions
    join core.signatures as signatures on signatures.response_id = dispositions.response_id
    where dispositions.email_key is not null
        and (
            dispositions.disposition in ('signatory', 'duplicate', 'held back')
            or dispositions.reason = 'rejected by a person'
        )
),
given as (
    select
        words.response_id, words.said_at, answers.question_id, answers.row_id, answers.answer_no,
        coalesce(nullif(answers.choice_id, ''), nullif(answers.other_id, '')) as option_id,
        nullif(trim(answers.text), '') as text
    from words
    join core.answers as answers on answers.response_id = words.response_id
    join asked
        on asked.question_id = answers.question_id
        and (asked.row_id is null or asked.row_id = answers.row_id)
    where coalesce(
        nullif(answers.choice_id, ''), nullif(answers.other_id, ''), nullif(trim(answers.text), '')
    ) is not null
),
read_as as (
    select
        given.response_id,
        given.answer_no,
        given.option_id,
        coalesce(choices.text, given.text) as said,
        concat_ws(' | ', nullif(questions.heading, ''), lines.text, coalesce(choices.text, given.text)) as wording,
        forms.pledge_version
    from given
    join raw.questions as questions
        on questions.survey_id = $survey_id and questions.question_id = given.question_id
    join staging.versions as versions on versions.version = questions.version
    join staging.forms_in_force as forms on forms.pledge_version = versions.pledge_version
    left join raw.options as choices
        on choices.survey_id = $survey_id
        and choices.version = questions.version
        and choices.question_id = given.question_id
        and choices.option_id = given.option_id
        and choices.kind in ('choice', 'other')
    left join raw.options as lines
        on lines.survey_id = $survey_id
        and lines.version = questions.version
        and lines.question_id = given.question_id
        and lines.option_id = given.row_id
        and lines.kind = 'row'
    where given.option_id is null or choices.option_id is not null
    qualify row_number() over (
        partition by given.response_id, given.question_id, given.row_id, given.answer_no
        order by
            case when forms.in_force_from <= given.said_at then forms.in_force_from end desc nulls last,
            forms.in_force_from
    ) = 1
),
n_given as (
    select response_id, count(*) as n from given group by response_id
),
said_yes as (
    select
        read_as.response_id,
        string_agg(read_as.wording, '; ' order by read_as.answer_no) as wording,
        max(read_as.pledge_version) as pledge_version
    from read_as
    join n_given on n_given.response_id = read_as.response_id
    where read_as.option_id in (select answer from means_yes)
        or trim(regexp_replace(lower(replace(read_as.said, '’', '''')), '\s+', ' ', 'g'))
            in (select folded from means_yes)
    group by read_as.response_id
    having count(*) = any_value(n_given.n)
)
select
    people.response_id,
    people.name,
    people.email,
    words.said_at as agreed_at,
    said_yes.wording,
    said_yes.pledge_version
from core.signatories as people
join core.signatures as signatures on signatures.response_id = people.response_id
join words on words.response_id = people.response_id
join said_yes on said_yes.response_id = people.response_id
join words as last_words on last_words.person = people.email_key and last_words.is_last
semi join said_yes as last_yes on last_yes.response_id = last_words.response_id
anti join core.withdrawn as withdrawn on withdrawn.response_id = people.response_id
where people.email is not null and signatures.email_key is not null
order by words.said_at, try_cast(people.response_id as hugeint), people.response_id
