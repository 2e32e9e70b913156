-- One row: how many answers it gives, and the role it is shown with.
select
    (select count(*) from core.answers where response_id = $response_id) as n_answers,
    (
        select roles.role
        from core.places as places
        join core.signatories as signatories on signatories.email_key = places.email_key
        join staging.signatory_roles as roles on roles.signatory_id = signatories.signatory_id
        where places.response_id = $response_id and places.place in ('signatory', 'duplicate')
    ) as role
