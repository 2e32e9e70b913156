-- One row a time at which a version of the form came into force. The first one is taken to have been in
-- force before it was first seen.
select
    case
        when forms.change_no = 1 then cast('0001-01-01 00:00:00+00' as timestamptz)
        else forms.in_force_from
    end as in_force_from,
    versions.pledge_version
from raw.forms_in_force as forms
join staging.versions as versions on versions.version = forms.version
where forms.survey_id = $survey_id
