"""The grid of goals: its heads, and the switches between its views."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from penstock.reports.goal_facts import Subject
from penstock.sales.models import Channel, Metric
from penstock.sales.models.activity import Activity
from penstock.web.forms.goals import COUNTED, SUBJECTS, Asked, subjects_of
from penstock.web.pages.tiles import period_text

PERIODS = {
    "month": pgettext_lazy("length of a goal", "Month"),
    "quarter": pgettext_lazy("length of a goal", "Quarter"),
    "year": pgettext_lazy("length of a goal", "Year"),
}


def heads(asked: Asked) -> list[str]:
    """The periods of the year."""
    return [period_text(asked.period, first) for first in asked.firsts]


def counted_text(metric: str, activity: str = "") -> str:
    """What a goal counts."""
    if not activity:
        return str(Metric(metric).label)
    kind = str(Activity.ActivityKind(activity).label)
    return _("Done: %(kind)s") % {"kind": kind}


def whose(subject: Subject, name: str) -> str:
    """Whose goal it is, as people read it."""
    if subject[0] == "channel":
        return str(dict(Channel.choices).get(name, name))
    return name or _("Workspace")


def switches(asked: Asked) -> list[dict[str, Any]]:
    """What is counted, for whom, and how long a period is."""
    subjects = {code: SUBJECTS[code] for code in subjects_of(asked.metric)}
    counted = {code: counted_text(*pair) for code, pair in COUNTED.items()}
    return [
        _switch(asked, "counted", counted, label=_("What is counted")),
        _switch(asked, "of", subjects, label=_("Whose goals")),
        _switch(asked, "period", PERIODS, label=_("Length of a goal")),
    ]


def _switch(asked: Asked, name: str, offered: Any, *, label: str) -> dict[str, Any]:
    current = {
        "counted": asked.counted,
        "of": asked.of,
        "period": asked.period,
        "year": str(asked.year),
    }
    return {
        "label": label,
        "segments": [
            {
                "name": text,
                "url": f"?{urlencode(current | {name: code})}",
                "is_current": code == current[name],
            }
            for code, text in offered.items()
        ],
    }
