-- One row an address block of the internet that a body of the batch came from, for the most common form by one
-- address of the block; any other address as it came.
select distinct origin from staging.bodies where origin <> '' and not is_on_paper
