"""The five errors, translated once: a toast or a small form for htmx, a page otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from penstock.base.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    PenstockError,
    RuleBroken,
    Unavailable,
)
from penstock.sales import access
from penstock.sales.models import Deal
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms import answers
from penstock.web.forms.settings import NEEDS

STATUS: dict[type[PenstockError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    RuleBroken: 422,
    Conflict: 409,
    Unavailable: 503,
}
CODE = "Penstock-Refusal"
#: What the asked form sends along besides the answers: everything but these.
NOT_SENT_AGAIN = frozenset({"csrfmiddlewaretoken", "asked", "gate", "override", "despite"})


class Errors:
    """Middleware that turns what a verb refuses into an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request; of an address with a zero byte the database could not be asked."""
        if "\0" in unquote(request.get_full_path()):
            raise BadRequest("a zero byte in the address")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Translate one of the five errors; all others are mistakes of ours."""
        if isinstance(error, PenstockError):
            return answer(request, error)
        if isinstance(error, Http404) and htmx.is_htmx(request):
            gone = _("There is nothing here any more. Reload the page.")
            return htmx.moved(request, toast=htmx.Toast(text=gone, tone="error"), status=404)
        return None


def answer(request: HttpRequest, error: PenstockError) -> HttpResponse:
    """The answer to a refusal; its code stands in a header, for whoever reads no sentences."""
    told = _told(request, error)
    told[CODE] = error.code
    return told


def _told(request: HttpRequest, error: PenstockError) -> HttpResponse:
    """What is missing is asked for in place, the rest is said."""
    status = status_of(error)
    form = _missing(request, error)
    if form is not None:
        is_gate = error.code == "flow.gate"
        return ask(request, form, text=error.message, status=status, is_gate=is_gate)
    if htmx.is_htmx(request):
        toast = htmx.Toast(text=error.message, detail=needed(error), tone="error")
        return htmx.moved(request, toast=toast, status=status)
    context = {"error": error, "status": status, "needed": needed(error)}
    return render(request, "web/refused.html", context, status=status)


def ask(  # noqa: PLR0913 -- the words of a dialog
    request: HttpRequest,
    form: answers.AnswersForm,
    *,
    text: str = "",
    title: str = "",
    submit: str = "",
    status: int = 422,
    is_gate: bool = False,
) -> HttpResponse:
    """Ask for answers in a small form that sends the same act again, with them.

    Where a gate asks (``is_gate``, or the form that came says so), who may can pass it all the same.
    """
    asker: MemberRequest = request  # type: ignore[assignment]  # -- has a member
    is_gate = is_gate or "gate" in request.POST
    form.may_override = is_gate and roles.may_override(asker.member)
    context: dict[str, Any] = {
        "dialog_id": "ask",
        "title": title or answers.title(form),
        "text": text,
        "form": form,
        "action": request.get_full_path(),
        "submit": submit or answers.submit(form),
        "despite": request.POST.get("despite", ""),
        "hidden": [
            *((name, value) for name, value in request.POST.items() if _is_sent_again(name, form)),
            *(("asked", need) for need in form.needs),
            *([("gate", "1")] if is_gate else []),
        ],
    }
    if not htmx.is_htmx(request):
        return render(request, "web/ask_answers.html", context, status=status)
    if "asked" in request.POST or "gate" in request.POST:
        return render(request, "components/answers_dialog.html", context, status=status)
    return htmx.moved(request, dialog="components/answers_dialog.html", status=status, **context)


def needed(error: PenstockError) -> str:
    """What a gate misses, by name: where no form can ask for it in place, it is at least said."""
    return ", ".join(str(NEEDS[need]) for need in error.needs if need in NEEDS)


def status_of(error: PenstockError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def _missing(request: HttpRequest, error: PenstockError) -> answers.AnswersForm | None:
    if request.method != "POST" or not hasattr(request, "member"):
        return None
    asker: MemberRequest = request  # type: ignore[assignment]  # -- has a member
    return answers.form_for(asker.member, error.needs, deal=_deal(asker))


def _deal(request: MemberRequest) -> Deal | None:
    """The deal that the address is about, if it is about one."""
    key = request.resolver_match.kwargs.get("key", "") if request.resolver_match else ""
    found = access.deals_for(request.member).select_related("item", "company")
    return found.filter(item__key=key.upper()).first() if key else None


def _is_sent_again(name: str, form: answers.AnswersForm) -> bool:
    return name not in NOT_SENT_AGAIN and name not in form.fields
