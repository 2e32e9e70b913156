-- One row: the version of the form in force when the response was begun.
select versions.pledge_version, versions.title, versions.first_seen_at
from core.signatures as signatures
asof join staging.forms_in_force as forms
    on coalesce(signatures.created_at, signatures.modified_at) >= forms.in_force_from
join staging.versions as versions on versions.pledge_version = forms.pledge_version
where signatures.response_id = $response_id
