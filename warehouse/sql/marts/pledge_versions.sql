-- One row a version of the form: what people read when they signed.
select
    versions.pledge_version,
    versions.first_seen_at,
    versions.title,
    versions.wording,
    versions.version = $current_version as is_current
from staging.versions as versions
order by versions.pledge_version
