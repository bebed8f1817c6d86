"""Whether a customer is satisfied with what was delivered, asked by a link and answered without an account."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from penstock.sales.models.followup import Scale
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne

#: The ends of each scale, and the highest answer that counts as unhappy.
RANGES: dict[str, tuple[int, int]] = {Scale.CSAT: (1, 5), Scale.NPS: (0, 10)}
UNHAPPY: dict[str, int] = {Scale.CSAT: 2, Scale.NPS: 6}
HAPPY: dict[str, int] = {Scale.CSAT: 4, Scale.NPS: 9}


class Survey(Walled):
    """One question about one delivery, behind a link that nobody can guess.

    Only a digest of the link is kept. It is made by a follow-up or by hand, and never changes but for
    when it was mailed and whether it was withdrawn.
    """

    order = WorkspaceKey("flow.Item", related_name="surveys")
    deal = WorkspaceKey("sales.Deal", null=True, blank=True, related_name="surveys")
    company = WorkspaceKey("contacts.Company", null=True, blank=True, related_name="surveys")
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="surveys")
    followup = WorkspaceKey("sales.Followup", null=True, blank=True, related_name="surveys")
    scale = models.CharField(_("scale"), max_length=8, choices=Scale.choices)
    token_digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """Found by its link, and by what it is about."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "token_digest"], name="sales_survey_link_once"
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "order"], name="sales_survey_of_order"),
            models.Index(fields=["workspace", "asked_at"], name="sales_survey_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.asked_at:%Y-%m-%d}"

    def is_open(self, at: datetime) -> bool:
        """Whether it still takes an answer."""
        return self.withdrawn_at is None and at < self.closes_at


class SurveyAnswer(Walled):
    """What a customer answered; the latest answer to a survey counts, earlier ones stay."""

    append_only = True

    survey = WorkspaceKey(Survey, related_name="answers")
    score = models.PositiveSmallIntegerField(_("score"))
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        """No scale goes beyond ten."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__lte=10), name="sales_surveyanswer_within_scale"
            )
        ]
        indexes = [
            models.Index(
                fields=["workspace", "survey", "occurred_at", "id"], name="sales_surveyanswer_story"
            ),
            models.Index(fields=["workspace", "occurred_at"], name="sales_surveyanswer_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.score}"


class SurveyComment(Walled):
    """The customer's own words to an answer; erased with the person."""

    answer = WorkspaceOneToOne(SurveyAnswer, primary_key=True, related_name="comment")
    text = models.TextField(_("comment"), max_length=4000)

    class Meta:
        """Nothing beside what every row has."""

    def __str__(self) -> str:
        return self.text[:60]
