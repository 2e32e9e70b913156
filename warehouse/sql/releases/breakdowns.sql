-- One row: the signatories by the choices of further questions, and the open doubts by kind, in the published
-- file that is in use. Files of schema versions 1 and 2 have neither.
with breakdowns as (
    select
        breakdown_no,
        breakdown as name,
        question,
        list({'choice': choice, 'n': n_signatories} order by choice_no) as choices
    from signatories_by_choice
    group by breakdown_no, breakdown, question
)
select
    (
        select list({'name': name, 'question': question, 'choices': choices} order by breakdown_no)
        from breakdowns
    ) as breakdowns,
    [
        {'kind': 'same person', 'n': n_maybe_same},
        {'kind': 'two people', 'n': n_maybe_two},
        {'kind': 'not genuine', 'n': n_maybe_not_genuine}
    ] as doubts
from headline
