-- Forgets the address blocks of signatures given before an instant.
delete from core.address_blocks where signed_at < $kept_since
