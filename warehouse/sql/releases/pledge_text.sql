-- One row: what people sign on the form as it stands, and since when it says so, in the published file that is
-- in use. Files of schema versions before 3 don't tell.
select
    (select pledge_text from pledge_versions where is_current) as wording,
    (select worded_since from pledge_versions where is_current) as wording_since
