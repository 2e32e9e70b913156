-- One row a block of namesakes that is too large to compare all with all: of one name, at one domain, with the
-- same digits before the @; or of one name, with the same part before the @.
select name_key, domain, digits, cast(null as varchar) as typed_part
from staging.namesakes
group by name_key, domain, digits
having count(*) > $most_in_a_block
union all
select name_key, cast(null as varchar), cast(null as varchar), typed_part
from staging.namesakes
group by name_key, typed_part
having count(*) > $most_in_a_block
