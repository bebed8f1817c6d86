"""The answers that a gate, a win, a loss or a parking can ask for, and only those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.sales.answering import Answers, Step
from penstock.sales.models import Deal, DealPerson
from penstock.users.models import Member
from penstock.web.forms import answer_fields, claims
from penstock.web.forms.answer_fields import ASKED, ELSEWHERE, TOPICS, Asking

#: What an answer says as well, so that it is not asked for a second time.
BRINGS: dict[str, tuple[str, ...]] = {
    "decider": ("person",),
    "authority": ("decider", "person"),
    "authority_confirmed": ("authority", "decider", "person"),
    "need_confirmed": ("need",),
    "budget_confirmed": ("budget",),
    "timeline_confirmed": ("timeline",),
}
#: The field that says that an answer was given, where the first one is never empty.
TELLING = {"next_step": "next_step-subject"}
VALUES = ("product", "amount", "close_on", "channel")


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one answer; a question above them where there are several."""

    need: str
    question: str
    fields: Sequence[forms.BoundField]


class AnswersForm(forms.Form):
    """Only the answers that are missing, in the order in which they are needed.

    ``elsewhere`` names those that no form can give, such as a proposal that has to be sent.
    """

    def __init__(
        self,
        member: Member,
        *,
        needs: Iterable[str],
        deal: Deal | None = None,
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(data, auto_id="answer_%s")
        self._member, self._deal, self._told = member, deal, data
        #: Where what cannot be given here can be done.
        self.deal_key = deal.item.key if deal is not None else ""
        wanted = _reduced(needs)
        self.needs = [need for need in wanted if need in ASKED]
        #: Where a gate refused and who is asked may pass it all the same, the dialog offers that.
        self.may_override = False
        self.elsewhere = [str(ELSEWHERE[need]) for need in wanted if need in ELSEWHERE]
        self._names: dict[str, list[str]] = {}
        asking = Asking(member=member, deal=deal)
        for need in self.needs:
            fields = answer_fields.of(need, asking)
            self.fields.update(fields)
            self._names[need] = list(fields)

    @property
    def groups(self) -> list[Group]:
        """The answers in order, each with its fields."""
        return [
            Group(need, answer_fields.question(need), [self[name] for name in names])
            for need, names in self._names.items()
        ]

    def refuse(self, needs: Iterable[str], text: str) -> bool:
        """Say beside its field what an act still refuses; False where it asks for something else."""
        found = {need: field for need in needs if (field := self._field_of(need))}
        for need, field in found.items():
            self.add_error(field, str(answer_fields.TOO_WEAK.get(need, text)))
        return bool(found)

    def _field_of(self, need: str) -> str:
        """The first field of an answer, or the field of a detail that a verb speaks of."""
        if need in self._names:
            return self._names[need][0]
        return next((name for name in self.fields if name.endswith(f"-{need}")), "")

    def answered(self) -> AnswersForm:
        """The same with only those answers that were really given, where others stay open."""
        self.is_valid()
        told = [
            need
            for need, names in self._names.items()
            if self.cleaned_data.get(TELLING.get(need, names[0]))
            and not any(self.has_error(name) for name in names)
        ]
        form = AnswersForm(self._member, needs=told, deal=self._deal, data=self._told)
        form.is_valid()
        return form

    def answers(self) -> Answers:
        """What a valid form says about the deal; what belongs to an act itself is left out."""
        given = self.cleaned_data
        return Answers(
            values={name: given[name] for name in VALUES if name in given},
            company=given.get("company", ""),
            owner=given.get("owner"),
            people=self._people(),
            claims=[
                (claims.said_of(TOPICS[need], self._said(need), person=None), self._about(need))
                for need in self.needs
                if need in TOPICS
            ],
            step=self._step(),
        )

    def _people(self) -> list[tuple[str, str]]:
        given = self.cleaned_data
        named = [(given["decider"], DealPerson.Part.DECIDES)] if "decider" in given else []
        if "person" in self.needs:
            named.append((given["person-name"], given["person-part"]))
        return [(name, str(part)) for name, part in named]

    def _said(self, need: str) -> dict[str, Any]:
        start = f"{need}-"
        return {
            name.removeprefix(start): value
            for name, value in self.cleaned_data.items()
            if name.startswith(start)
        }

    def _about(self, need: str) -> str:
        return str(self.cleaned_data.get(f"{need}-person") or "")

    def _step(self) -> Step | None:
        if "next_step" not in self.needs:
            return None
        given = self._said("next_step")
        return Step(kind=given["kind"], due=given["due_on"], subject=given["subject"])


def form_for(
    member: Member, needs: Iterable[str], *, deal: Deal | None = None
) -> AnswersForm | None:
    """An empty form for some needs, or None when one of them cannot be asked for here."""
    wanted = list(needs)
    if not wanted or not all(_is_askable(need, deal) for need in wanted):
        return None
    return AnswersForm(member, needs=wanted, deal=deal)


def given(member: Member, data: QueryDict, *, deal: Deal | None = None) -> AnswersForm | None:
    """The answers that came with a request, or None when it brought none."""
    asked = [need for need in data.getlist("asked") if need in ASKED and _is_askable(need, deal)]
    return AnswersForm(member, needs=asked, deal=deal, data=data) if asked else None


def title(form: AnswersForm) -> str:
    """What a dialog that asks these answers is called."""
    titles = {"reason": _("Mark as lost"), "until": _("Park this deal")}
    several = _("What is still missing") if len(form.needs) > 1 else _("One more thing")
    return str(titles.get(_only(form), several))


def submit(form: AnswersForm) -> str:
    """The verb of its button; empty where there is nothing to send."""
    verbs = {"reason": _("Mark as lost"), "until": pgettext_lazy("deal", "Park")}
    if not form.needs:
        return ""
    usual = _("Keep the answers") if form.elsewhere else _("Continue")
    return str(verbs.get(_only(form), usual))


def _only(form: AnswersForm) -> str:
    return form.needs[0] if len(form.needs) == 1 else ""


def _reduced(needs: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(needs))
    brought = {other for need in wanted for other in BRINGS.get(need, ())}
    return [need for need in wanted if need not in brought]


def _is_askable(need: str, deal: Deal | None) -> bool:
    """What is said or done about a deal is asked only where there is one."""
    if need in ELSEWHERE or need in answer_fields.OF_A_DEAL:
        return deal is not None
    return need in ASKED
