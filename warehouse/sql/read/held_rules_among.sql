-- One row a rule that holds back some of the responses *ids* now: rule, n_responses.
select rule, count(*) as n_responses
from core.held_back
where response_id in (select unnest($ids))
group by rule
