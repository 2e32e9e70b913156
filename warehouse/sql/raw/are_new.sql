-- One row: whether no id given stands twice, and none was given before by the same source.
select
    not exists (
        select 1
        from raw.responses
        semi join given on given.response_id = raw.responses.response_id
        where raw.responses.source = $source
    )
    and (select count(*) = count(distinct response_id) from given) as are_new
