"""Django's name for this room."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """The room of deals."""

    name = "penstock.sales"
    label = "sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the gates who knows a deal's answers, and others what this room keeps of items and people."""
        from penstock.contacts import merging, people  # noqa: PLC0415 -- models are ready only now
        from penstock.contacts.models.merge import Merge  # noqa: PLC0415 -- models are ready only now
        from penstock.flow import bulk, gates, items, pipelines, timeline  # noqa: PLC0415 -- models are ready only now
        from penstock.sales import (  # noqa: PLC0415 -- models are ready only now
            activities,
            answers,
            captures,
            claims,
            closings,
            facts,
            following,
            jobs,  # noqa: F401 -- the queue knows its tasks by this
            leading_in,
            overrides,
            proposal_forgetting,
            surveys,
            touches,
        )
        from penstock.sales.models import (  # noqa: PLC0415 -- models are ready only now
            ActivityChange,
            Claim,
            Escalation,
            Proposal,
            Touch,
        )

        gates.connect("deal", facts.of)
        pipelines.connect(leading_in.needs)
        items.connect("deal", closings.keep)
        bulk.connect("sales_claim", claims.SAID)
        timeline.connect("activities", activities.history, rare=ActivityChange)
        people.connect(activities.forget)
        timeline.connect("claims", claims.told_of, rare=Claim)
        people.connect(claims.forget)
        people.connect(overrides.forget)
        people.connect(surveys.forget)
        people.connect(proposal_forgetting.forget)
        timeline.connect("touches", touches.told_of, rare=Touch)
        timeline.look_for(Proposal, by="deal_id")
        timeline.look_for(Merge, by="kept_id", widens=True)
        timeline.connect("escalations", answers.told_of, rare=Escalation)
        people.connect(touches.forget)
        people.connect(captures.forget)
        merging.connect("company", following.CompaniesOfDeals())
        merging.connect("person", following.PeopleOnDeals())
