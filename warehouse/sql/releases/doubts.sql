-- One row: the range of the headline and the platform's own count, in the published file that is in use. Files
-- of schema version 1 have neither.
select headline.n_lowest, headline.n_highest, compared.n_platform, compared.n_here, compared.compared_at
from headline
left join platform_comparison as compared on compared.what = 'responses'
