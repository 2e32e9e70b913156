"""What has changed among the choices, lines and columns of one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.survey.form_changes_words import SHOWN_CHARACTERS, Change, Figures, cut, cut_apart, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connectors.survey.contract import Option, Question


NOUNS = {"choice": "choice", "other": "other-line", "row": "line", "col": "column"}

Options = dict[tuple[str, str], "Option"]


def changes_of_options(figures: Figures, before: Question, after: Question) -> Iterator[Change]:
    """The changes among the options of a question that both forms have."""
    was, has = _by_id(before), _by_id(after)
    teller = _Teller(figures, after)
    heirs = {
        key: heir
        for key, gone in was.items()
        if key not in has
        for new_key, heir in has.items()
        if new_key not in was and (heir.kind, heir.text) == (gone.kind, gone.text) and heir.is_visible
    }
    for key, old in was.items():
        new = has.get(key)
        if new:
            yield from teller.changed(old, new)
        elif key in heirs:
            yield teller.remade(old, heirs[key])
        elif old.is_visible:
            yield teller.left(old, "deleted")
    for key, new in has.items():
        if key not in was and new.is_visible and new not in heirs.values():
            yield teller.came(new, "new")
    if teller.is_role and order_of(was, has) != order_of(has, was):
        yield teller.reordered()


def _by_id(question: Question) -> Options:
    return {(option.kind, option.option_id): option for option in question.options}


def order_of(options: Mapping, others: Mapping) -> list:
    """The keys that stand in both, in the order in which the first are on the form."""
    return sorted((key for key in options if key in others), key=lambda key: options[key].position)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts the changes of one question's options into sentences."""

    figures: Figures
    question: Question

    @property
    def is_role(self) -> bool:
        return "role" in self.figures.fields_of(self.question)

    def changed(self, old: Option, new: Option) -> Iterator[Change]:
        if old.text != new.text:
            yield self.renamed(old, new)
        if old.is_visible and not new.is_visible:
            yield self.left(new, "hidden")
        if new.is_visible and not old.is_visible:
            yield self.came(new, "shown")
        if (old.row_type, old.is_answer_choice) != (new.row_type, new.is_answer_choice):
            yield self.turned(old, new)

    def came(self, new: Option, verb: str) -> Change:
        begun = (
            f"New {self._called(new)}." if verb == "new" else f"The {self._called(new)} is back on the form."
        )
        role = self.figures.role_of(new)
        shown_as = f"Who chooses it is shown as “{cut(role)}”."
        if verb == "new" and role == new.text:
            shown_as += f" To count it with another role, set in pledge.toml: {_setting(new, '…')}."
        return self._change(
            verb,
            new,
            begun,
            role=shown_as,
            other="Who writes there without choosing is shown as “Other”.",
            line=lambda name: f"The {name} is taken from it.",
        )

    def left(self, old: Option, verb: str) -> Change:
        how = "was deleted" if verb == "deleted" else "is hidden: nobody can choose it any more"
        if old.kind != "choice":
            how = "has left the form"
        return self._change(
            verb,
            old,
            f"The {self._called(old)} {how}.",
            role=f"Who chose it stays “{cut(self.figures.role_of(old))}”.",
            other="Who wrote there without choosing stays “Other”.",
            line=lambda name: self.figures.once_gone(name, self.question.question_id, old.option_id),
        )

    def remade(self, old: Option, new: Option) -> Change:
        roles = self.figures.role_of(old), self.figures.role_of(new)
        role = f"Who chose either is shown as “{cut(roles[1])}”."
        if roles[0] != roles[1]:
            role = (
                f"Who chose the earlier one is shown as “{cut(roles[0])}”, who chooses the new one as "
                f"“{cut(roles[1])}”; to count both as one, set in pledge.toml: {_setting(new, roles[0])}."
            )
        return self._change(
            "remade",
            new,
            f"The {self._called(new)} was made anew: it has another id.",
            role=role,
            other="Who writes there without choosing is shown as “Other”, as before.",
            line=lambda name: self.figures.once_gone(name, self.question.question_id, old.option_id),
        )

    def renamed(self, old: Option, new: Option) -> Change:
        before, after = cut_apart(old.text, new.text)
        return self._change(
            "renamed",
            new,
            f"The {NOUNS[new.kind]} “{before}” of {shown(self.question)} is now called “{after}”.",
            role=self._shown_under(old, new),
            other="Who writes there without choosing is shown as “Other”, as before.",
            line=lambda name: f"It is known by its id, so it goes on giving the {name}.",
        )

    def _shown_under(self, old: Option, new: Option) -> str:
        before, after = self.figures.role_of(old), self.figures.role_of(new)
        if before == after:
            return f"Its signatories stay “{cut(after)}”, as pledge.toml says."
        why = "pledge.toml names it by its old text, so its" if before != old.text else "Its"
        return (
            f"{why} signatories are shown as “{cut(after)}” from tonight on; "
            f"to keep “{cut(before)}”, set in pledge.toml: {_setting(new, before)}."
        )

    def turned(self, old: Option, new: Option) -> Change:
        now = "a choice of its own" if new.is_answer_choice else "a comment beside a choice"
        if old.row_type != new.row_type:
            now = f"for: {new.row_type or 'any text'}; before for: {old.row_type or 'any text'}"
        return self._change(
            "changed",
            new,
            f"The {self._called(new)} is now {now}.",
            role="No role changes.",
            other="Who writes there without choosing is shown as “Other”, as before.",
            line=lambda name: (
                f"The {name} is still taken from it; if that is wrong, name the right line "
                f"in pledge.toml under [questions]."
            ),
        )

    def reordered(self) -> Change:
        return Change(
            "reordered choices",
            self.question.question_id,
            None,
            f"The choices of {shown(self.question)} stand in another order. The roles are listed in it from "
            "tonight on, and where a response chose several, the first of them counts.",
        )

    def _change(
        self, verb: str, option: Option, begun: str, *, role: str, other: str, line: Callable[[str], str]
    ) -> Change:
        """The change, with what it means for a role, for who is shown as “Other”, or for a field's line."""
        if self.is_role and option.kind in {"choice", "other"}:
            means = f" {role if option.kind == 'choice' else other}"
        else:
            is_line = option.kind == "row"
            means = self.figures.meaning(
                self.figures.fields_of(self.question, option) if is_line else [], line
            )
        kind = f"{verb} {NOUNS[option.kind]}"
        return Change(kind, self.question.question_id, option.option_id, begun + means)

    def _called(self, option: Option) -> str:
        return f"{NOUNS[option.kind]} “{cut(option.text)}” of {shown(self.question)}"


def _setting(choice: Option, role: str) -> str:
    """The line of pledge.toml that shows a choice as *role*, left open where the text can't stand there."""
    can_stand = len(role) <= SHOWN_CHARACTERS and not set(role) & set('"\\')
    return f'[roles] "{choice.option_id}" = "{role if can_stand else "…"}"'
