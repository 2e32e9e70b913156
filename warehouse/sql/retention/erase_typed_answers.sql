-- Erases what people typed from some answers of the pledge; which choice they made stays.
update core.answers
set
    text = case when regexp_matches(text, '[^\p{Z}\p{Cc}\p{Cf}]') then '(erased)' else text end,
    download_url = null
where survey_id = $survey_id
    and rowid >= $first and rowid < $first + $batch
    and (download_url is not null or (text <> '(erased)' and regexp_matches(text, '[^\p{Z}\p{Cc}\p{Cf}]')))
