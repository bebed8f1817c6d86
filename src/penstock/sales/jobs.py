"""Work on proposals in the background."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from penstock.users import walls

RETRY = RetryStrategy(max_attempts=3, wait=10)


@app.task(name="sales.keep_document", queue="sales", retry=RETRY)
def keep_document(*, workspace_id: int, version_id: int) -> None:
    """Set the document of a version that was sent, so that it shows the sender as of the sending."""
    from penstock.sales import proposal_documents  # noqa: PLC0415 -- models are ready only now
    from penstock.sales.models import ProposalVersion  # noqa: PLC0415 -- models are ready only now

    with walls.inside(workspace_id):
        rows = ProposalVersion.objects.select_related("workspace", "proposal__deal__company")
        proposal_documents.keep(rows.get(pk=version_id))
