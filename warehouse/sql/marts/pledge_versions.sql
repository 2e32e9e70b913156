-- One row a version of the form: what people read when they signed.
select pledge_version, first_seen_at, title, wording, version = $current_version as is_current
from staging.versions
order by pledge_version
