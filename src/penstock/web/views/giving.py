"""An act with the answers that it lacks: asked for in place, then written with it, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _

from penstock.base.errors import RuleBroken
from penstock.flow import access as flow
from penstock.sales import answering
from penstock.sales.models import Deal
from penstock.users.middleware import MemberRequest
from penstock.web import errors
from penstock.web.forms import answers
from penstock.web.forms.answer_fields import ELSEWHERE
from penstock.web.forms.answers import AnswersForm
from penstock.web.htmx import Toast
from penstock.web.views import acted

Given = Mapping[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Asks:
    """Answers without which an act is not even tried, and the words of the dialog if not the usual."""

    needs: Sequence[str] = ()
    title: str = ""
    submit: str = ""


NOTHING = Asks()


def answered(
    request: MemberRequest,
    deal: Deal,
    *,
    do: Callable[[Deal, Given], Result],
    told: Callable[[Result], HttpResponse],
    asks: Asks = NOTHING,
) -> HttpResponse:
    """Do an act on a deal, with the answers that came along, and tell what became of it.

    Args:
        request: The request; answers come under the names in ``asked``.
        deal: What is acted on.
        do: The verb, with the answers that belong to itself, such as a reason.
        told: The answer to whoever acted; made after the act is done.
        asks: What is asked for in any case.
    """
    form = _given(request, deal, asks.needs)
    if "override" in request.POST:
        return _overridden(request, deal, form, do=do, told=told)
    if form is None:
        return told(do(deal, {}))
    ask = partial(errors.ask, request, title=asks.title, submit=asks.submit)
    return _tried(request, deal, form, do=do, told=told, ask=ask)


def _tried(
    request: MemberRequest,
    deal: Deal,
    form: AnswersForm,
    *,
    do: Callable[[Deal, Given], Result],
    told: Callable[[Result], HttpResponse],
    ask: Callable[..., HttpResponse],
) -> HttpResponse:
    """The act with its answers, or the form once more with what is wrong."""
    if not form.is_valid():
        return ask(form)
    said, given = form.answers(), form.cleaned_data
    try:
        made = answering.first(deal, said, by=request.member, then=lambda one: do(one, given))
    except RuleBroken as error:
        is_gate = error.code == "flow.gate"
        return _refused(request, deal, form, error=error, ask=partial(ask, is_gate=is_gate))
    return told(made)


def _given(request: MemberRequest, deal: Deal, asks: Sequence[str]) -> AnswersForm | None:
    """The answers that came along; an empty form where some are missing that are asked in any case."""
    form = answers.given(request.member, request.POST, deal=deal)
    needs = form.needs if form is not None else []
    if set(asks) <= set(needs):
        return form
    return AnswersForm(request.member, needs=[*asks, *needs], deal=deal)


def _overridden(
    request: MemberRequest,
    deal: Deal,
    form: AnswersForm | None,
    *,
    do: Callable[[Deal, Given], Result],
    told: Callable[[Result], HttpResponse],
) -> HttpResponse:
    """The act in spite of the gate, for a reason; the answers that were given are kept."""
    flow.check_override(request.member)
    form = form or AnswersForm(request.member, needs=(), deal=deal, data=request.POST)
    despite = request.POST.get("despite", "").strip()
    if not despite:
        return errors.ask(
            request, form, text=_("Say why it may pass without these answers."), is_gate=True
        )
    form = form.answered()
    given = {**form.cleaned_data, "despite": despite}
    return told(
        answering.first(deal, form.answers(), by=request.member, then=lambda one: do(one, given))
    )


def _refused(
    request: MemberRequest,
    deal: Deal,
    form: AnswersForm,
    *,
    error: RuleBroken,
    ask: Callable[..., HttpResponse],
) -> HttpResponse:
    """What was given is asked for once more, with what is wrong, and with what else is missing."""
    if error.needs and set(error.needs) <= set(ELSEWHERE):
        return _kept(request, deal, form)
    if form.refuse(error.needs, error.message):
        return ask(form)
    if answers.form_for(request.member, error.needs, deal=deal) is None:
        raise error
    wanted = [*form.needs, *error.needs]
    return ask(
        AnswersForm(request.member, needs=wanted, deal=deal, data=request.POST), text=error.message
    )


def _kept(request: MemberRequest, deal: Deal, form: AnswersForm) -> HttpResponse:
    """What is missing can only be done elsewhere: the answers are written without the act."""
    answering.give(deal, form.answers(), by=request.member)
    toast = Toast(
        text=_("Your answers are kept. It still stands where it was."),
        detail=" ".join(str(words) for words in ELSEWHERE.values()),
        tone="warning",
    )
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast)
