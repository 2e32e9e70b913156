-- Forgets the address blocks of signatures given before an instant, and of versions that don't count.
delete from core.address_blocks
where received_no not in (
    select received_no
    from core.signatures
    where survey_id = $survey_id and coalesce(created_at, modified_at) >= $kept_since
)
