-- When the answers of a withdrawn response were erased; null while they are kept.
alter table core.withdrawn add column erased_at timestamptz;
