-- One row: the last release put in place before an instant, as its figures were then; none if there was none.
select *
from releases.figures
where published_at < $before
order by release_no desc
limit 1
