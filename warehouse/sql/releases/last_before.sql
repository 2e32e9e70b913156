-- One row: the last release put in place before an instant, as its figures were then; none if there was none.
-- Earlier versions took the day on which the form was first seen for the one on which it got its words.
select * replace (
    case when wording_since not in (select first_seen_at from raw.surveys) then wording_since end as wording_since
)
from releases.figures
where published_at < $before
order by release_no desc
limit 1
