"""How satisfied customers are with what was delivered: surveys asked in a window, and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from penstock.analytics import conversion, satisfaction
from penstock.analytics.conversion import Share
from penstock.analytics.satisfaction import NetPromoter
from penstock.base.calendar import Window, end_of, start_of
from penstock.reports.filters import DealFilter
from penstock.reports.pipeline import ALL
from penstock.sales.access import deals_for
from penstock.sales.models import Scale, Survey, SurveyAnswer
from penstock.sales.models.survey import UNHAPPY
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What the surveys asked in a window say, each with the latest answer given up to its end.

    ``answered`` is the share of surveys with an answer; ``satisfied`` the share of CSAT answers of 4 or 5;
    ``net_promoter`` speaks of the NPS answers. ``n_unhappy`` counts 1 or 2 of CSAT and 0 to 6 of NPS.
    """

    window: Window
    answered: Share
    satisfied: Share
    net_promoter: NetPromoter
    n_unhappy: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One survey behind the figures; ``score`` is None while there is no answer."""

    order_key: str
    title: str
    company: str
    scale: str
    asked_at: datetime
    score: int | None
    comment: str

    @property
    def is_unhappy(self) -> bool:
        """Whether the customer is to be called."""
        return self.score is not None and self.score <= UNHAPPY[self.scale]


def in_window(member: Member, window: Window, *, only: DealFilter = ALL) -> Satisfaction:
    """The figures of a window, of orders whose deal is in a slice as it is today."""
    found = list(_asked(member, window, only=only).values_list("scale", "score"))
    given = [(scale, score) for scale, score in found if score is not None]
    scores = {scale: [score for one, score in given if one == scale] for scale in Scale.values}
    return Satisfaction(
        window=window,
        answered=conversion.share(len(given), of=len(found)),
        satisfied=satisfaction.satisfied(scores[Scale.CSAT]),
        net_promoter=satisfaction.net_promoter(scores[Scale.NPS]),
        n_unhappy=sum(score <= UNHAPPY[scale] for scale, score in given),
    )


def answers(member: Member, window: Window, *, limit: int, only: DealFilter = ALL) -> list[Answer]:
    """The surveys behind the figures, the unhappy ones first, then the newest."""
    columns = ("pk", "order__key", "order__title", "company__name", "scale", "asked_at", "score")
    asked = _asked(member, window, only=only).order_by("-asked_at", "-pk")
    listed = list(asked.values_list(*columns)[:limit])
    words = _words([row[0] for row in listed])
    rows = [
        Answer(
            order_key=key,
            title=title,
            company=company or "",
            scale=scale,
            asked_at=asked_at,
            score=score,
            comment=words.get(pk, ""),
        )
        for pk, key, title, company, scale, asked_at, score in listed
    ]
    return sorted(rows, key=lambda row: not row.is_unhappy)


def _asked(member: Member, window: Window, *, only: DealFilter) -> QuerySet[Any, Any]:
    """Surveys of a window that a member may see, with the score that counted at its end."""
    end = end_of(window.last, zone=window.zone)
    last = SurveyAnswer.objects.filter(survey=OuterRef("pk"), occurred_at__lt=end)
    surveys = Survey.objects.filter(
        workspace_id=member.workspace_id,
        asked_at__gte=start_of(window.first, zone=window.zone),
        asked_at__lt=end,
        order__withdrawn_at=None,
        **{path: wanted for path, wanted in _slice(only) if wanted is not None},
    ).filter(Q(deal=None) | Q(deal__in=deals_for(member)))
    scored: QuerySet[Any, Any] = surveys.annotate(
        score=Subquery(last.order_by("-occurred_at", "-pk").values("score")[:1])
    )
    return scored


def _slice(only: DealFilter) -> list[tuple[str, object]]:
    return [
        ("deal__item__pipeline", only.pipeline),
        ("deal__item__owner", only.owner),
        ("deal__item__owner__team", only.team),
        ("deal__channel", only.channel),
        ("deal__product", only.product),
        ("company", only.company),
        ("company__segment", only.segment),
    ]


def _words(survey_ids: list[int]) -> dict[int, str]:
    """The words of the latest answer to each survey."""
    rows = SurveyAnswer.objects.filter(survey_id__in=survey_ids).order_by("occurred_at", "pk")
    return {
        survey_id: text or "" for survey_id, text in rows.values_list("survey_id", "comment__text")
    }
