"""What `pledge doctor` finds out about one thing."""

from dataclasses import dataclass

OK, WARNING, PROBLEM = "ok", "warning", "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried."""

    check: str
    state: str  # ``ok``; ``warning``: the night runs, but look at it; ``problem``: something won't work
    told: str  # a sentence or a few words without a secret or anybody's data
    next_step: str | None = None  # None where nothing needs doing

    def __str__(self) -> str:
        step = f" Next: {self.next_step}" if self.next_step else ""
        return f"{self.state:<8} {self.check:<12} {self.told}{step}"


def ok(check: str, told: str) -> Finding:
    return Finding(check, OK, told)


def warning(check: str, told: str, next_step: str | None = None) -> Finding:
    return Finding(check, WARNING, told, next_step)


def problem(check: str, told: str, next_step: str | None = None) -> Finding:
    return Finding(check, PROBLEM, told, next_step)
