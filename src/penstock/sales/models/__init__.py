"""Deals, what is known of them, done and proposed, and what follows a win or a loss."""

from penstock.sales.models.activity import Activity, ActivityChange
from penstock.sales.models.answer import AnswerClock, AnswerRule, Escalation, Rung
from penstock.sales.models.campaign import Campaign, CampaignCost, Channel, ChannelRule
from penstock.sales.models.capture import (
    CaptureForm,
    CaptureKey,
    Consent,
    ConsentText,
    OwnerRule,
    SeenSignature,
    Submission,
)
from penstock.sales.models.claim import Claim, ClaimWording, HalfLife, Manner, Topic
from penstock.sales.models.deal import Deal, DealPerson
from penstock.sales.models.deal_edit import DealEdit, DealEditRow
from penstock.sales.models.followup import Act, Followup, FollowupRule, Scale
from penstock.sales.models.goal import Goal, GoalPeriod, Metric
from penstock.sales.models.mail_template import MailTemplate
from penstock.sales.models.playbook import PlaybookTask, PlayedTask
from penstock.sales.models.proposal import (
    WAITING,
    Proposal,
    ProposalLine,
    ProposalState,
    ProposalVersion,
)
from penstock.sales.models.proposal_event import (
    ProposalDocument,
    ProposalEvent,
    ProposalLink,
    ProposalNote,
)
from penstock.sales.models.proposal_settings import ProposalSettings, ProposalTemplate
from penstock.sales.models.snooze import Snooze
from penstock.sales.models.survey import Survey, SurveyAnswer, SurveyComment
from penstock.sales.models.touch import Touch, TouchTrace

__all__ = [
    "WAITING",
    "Act",
    "Activity",
    "ActivityChange",
    "AnswerClock",
    "AnswerRule",
    "Campaign",
    "CampaignCost",
    "CaptureForm",
    "CaptureKey",
    "Channel",
    "ChannelRule",
    "Claim",
    "ClaimWording",
    "Consent",
    "ConsentText",
    "Deal",
    "DealEdit",
    "DealEditRow",
    "DealPerson",
    "Escalation",
    "Followup",
    "FollowupRule",
    "Goal",
    "GoalPeriod",
    "HalfLife",
    "MailTemplate",
    "Manner",
    "Metric",
    "OwnerRule",
    "PlaybookTask",
    "PlayedTask",
    "Proposal",
    "ProposalDocument",
    "ProposalEvent",
    "ProposalLine",
    "ProposalLink",
    "ProposalNote",
    "ProposalSettings",
    "ProposalState",
    "ProposalTemplate",
    "ProposalVersion",
    "Rung",
    "Scale",
    "SeenSignature",
    "Snooze",
    "Submission",
    "Survey",
    "SurveyAnswer",
    "SurveyComment",
    "Topic",
    "Touch",
    "TouchTrace",
]
