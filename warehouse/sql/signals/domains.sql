-- One row a domain that an address looked at in this run is at.
select distinct regexp_extract(address_key, '@([^@]*)$', 1) as domain from staging.people where address_key is not null
