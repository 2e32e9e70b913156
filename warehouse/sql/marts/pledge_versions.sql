-- One row a version of the form: what people read when they signed.
select
    versions.pledge_version, versions.first_seen_at, versions.title, versions.wording,
    versions.version = $current_version as is_current,
    wordings.pledge_text, wordings.worded_since
from staging.versions as versions
left join staging.wordings as wordings on wordings.version = versions.version
order by versions.pledge_version
