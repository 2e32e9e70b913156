-- One row: a text without what its normal form goes without; see staging/other_texts.
select trim(regexp_replace(lower($text), '[\s\p{P}\p{S}\p{Z}]+', ' ', 'g')) as normal_form
