-- Keeps the reason of each signal, in plain words.
insert into core.signal_reasons select unnest($signals), unnest($reasons)
