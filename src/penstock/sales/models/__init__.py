"""Deals, the people on them, and what follows a win or a loss."""

from penstock.sales.models.deal import Deal, DealPerson
from penstock.sales.models.followup import Act, Followup, FollowupRule, Scale
from penstock.sales.models.survey import Survey, SurveyAnswer, SurveyComment

__all__ = [
    "Act",
    "Deal",
    "DealPerson",
    "Followup",
    "FollowupRule",
    "Scale",
    "Survey",
    "SurveyAnswer",
    "SurveyComment",
]
