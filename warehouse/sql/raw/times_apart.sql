-- No row, or one: by how many minutes most of those responses of a file that are here already are changed later
-- than here; how many are so; how many are compared. It is one where those are at least five and a tenth, and
-- most of those that differ at all, whose times lie whole quarter hours apart, as the clocks of two zones do: by
-- chance one in five does. A minute is let pass, as a spreadsheet rounds the seconds, and 14 hours are the most.
with apart as (
    select
        epoch_ms(given.modified_at) // 60000 - epoch_ms(signatures.modified_at) // 60000 as minutes,
        cast(round(minutes / 15) * 15 as bigint) as quarters,
        abs(minutes) > 1 as is_other,
        is_other and abs(minutes - quarters) <= 1 and abs(quarters) <= 840 as is_zone
    from given
    join core.signatures as signatures on signatures.response_id = given.response_id
    where given.modified_at is not null and signatures.modified_at is not null
)
select
    mode(quarters) filter (where is_zone) as minutes,
    count(*) filter (where is_zone) as n_apart,
    count(*) as n_known
from apart
having n_apart >= greatest(5, n_known / 10) and n_apart * 2 > count(*) filter (where is_other)
