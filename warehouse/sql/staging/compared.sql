-- One row a thing that the platform counted too, when that was last asked; choice_id is null for all responses.
select
    unnest($choice_ids) as choice_id,
    unnest($n_platform) as n_platform,
    unnest($n_here) as n_here,
    unnest($compared_at) as compared_at
