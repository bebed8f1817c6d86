"""How satisfied are you? Asked by a link, answered without an account."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from penstock.flow.dating import now
from penstock.sales import surveys
from penstock.sales.models import Survey
from penstock.users.middleware import OpenRequest
from penstock.web.forms.open_survey import AnswerForm
from penstock.web.limits import limited
from penstock.web.views import dialogs

#: What the address says once an answer was kept.
THANKS = "thanks"


@require_http_methods(["GET", "HEAD", "POST"])
@limited
def show(request: OpenRequest, token: str) -> HttpResponseBase:
    """Show the question, and keep the answer; looking at it alone answers nothing."""
    survey = surveys.found_by(request.workspace, token)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        scale=survey.scale,
        initial=_said(survey),
    )
    if request.method == "POST" and dialogs.attempt(
        form, lambda: surveys.answer(survey, **form.cleaned_data)
    ):
        return redirect(f"{request.path}?{THANKS}")
    return _page(request, survey, form)


def _page(request: OpenRequest, survey: Survey, form: AnswerForm) -> HttpResponse:
    context = {
        "survey": survey,
        "form": form,
        "is_closed": not survey.is_open(now()),
        "is_answered": THANKS in request.GET and surveys.last_answer(survey) is not None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "open/survey.html", context, status=status)


def _said(survey: Survey) -> dict[str, object]:
    answer = surveys.last_answer(survey)
    return {"score": answer.score, "comment": surveys.words_of(answer)} if answer else {}
