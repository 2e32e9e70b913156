"""A person erased in the vault, at their request."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from flows.run.context import RunContext
from flows.steps.publish import TO_GO
from flows.vault.access import record_use, who
from flows.vault.data_subject import DataSubject
from warehouse.backups.erase_in_backups import Erasure
from warehouse.database import marks
from warehouse.errors import WarehouseError
from warehouse.ingest import erased_people
from warehouse.privacy.erase_person import erase_person
from warehouse.privacy.erase_withdrawn import is_settled
from warehouse.queries.figures import given_by_the_platform


@dataclass(slots=True)
class Receipt:
    """What was done, for whoever answers the person; no value of theirs."""

    erased_at: str  # ISO 8601 in UTC
    erased_before: str | None  # when the same address was last erased
    n_addresses: int  # that have a tombstone now
    responses: list[str]  # ids of the person's responses, those erased before included
    at_platform: list[str]  # those of them that SurveyMonkey gave, and may still have
    n_mentions: int  # versions that are others' now, that the person or an address was taken out of
    copies_rewritten: int = 0
    copies_deleted: list[str] = field(default_factory=list)  # copies of the vault that could not be cleaned
    editions_deleted: int = 0
    lists_deleted: int = 0
    published: str | None = None  # the file without the person; None if that waits for the next whole walk
    warnings: list[str] = field(default_factory=list)


def erase(run: RunContext, subject: DataSubject, reason: str) -> tuple[Erasure, Receipt]:
    """Erase what the person wrote, and note the erasure.

    Returns what is needed to do the same elsewhere, which knows the person, and the receipt.

    Raises:
        WarehouseError: not all that came in could be decided, so what is the person's isn't known.
    """
    vault, at = run.vault, datetime.fromisoformat(run.record.started_at)
    if not is_settled(vault):
        raise WarehouseError(
            "Not all that came in could be decided, so nobody was erased; run “pledge sync”, then this again."
        )
    person = subject.person(vault)
    address = subject.address or ""
    before = erased_people.erased_people_of(vault, [address]).get(address)
    ids = sorted(person.response_ids)
    at_platform = given_by_the_platform(vault, ids)
    record_use(vault, "forget", reason, len(ids))
    erase_person(vault, person, salt=secrets.token_hex(32), who=who(), at=at)
    marks.set_mark(vault, TO_GO, "earlier releases, since they have a row of a forgotten person")
    run.record.responses_erased += len(ids)
    salt = erased_people.salt_of(vault) or ""
    receipt = Receipt(
        erased_at=at.isoformat(),
        erased_before=before.erased_at.isoformat() if before else None,
        n_addresses=len(person.forms),
        responses=ids,
        at_platform=at_platform,
        n_mentions=len(person.mentions) + len(person.earlier),
    )
    return Erasure(subject.address, subject.key, person, salt, who(), at), receipt
