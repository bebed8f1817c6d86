"""What is worth a letter, on one page: what happened, who writes it in its transaction."""

from __future__ import annotations

from penstock.flow.bus import Handler
from penstock.notices import surveys
from penstock.sales.surveys import SurveyAsked

TABLE: dict[type, tuple[Handler, ...]] = {
    SurveyAsked: (surveys.mail,),
}
