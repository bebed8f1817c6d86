"""Tables of how orders flow, and what bears on the figures: times, stages, the work of each team or product."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from penstock.analytics.survival import Duration, Quantile
from penstock.reports.backlog_flow import MIN_CASES, BacklogFlow
from penstock.reports.hours_ahead import HoursAhead
from penstock.reports.work_times import GroupTimes, WorkTimes
from penstock.web import figures
from penstock.web.pages.backlog_flow import amount, days
from penstock.web.pages.insights_tables import Cell, Row, Table
from penstock.web.pages.tiles import n_text

GROUPS = {"team": gettext_lazy("By team"), "product": gettext_lazy("By product")}
NONE = {"team": gettext_lazy("No team"), "product": gettext_lazy("No product")}
#: Beyond this share Little's law says that the flow was not steady.
UNSTEADY = 0.2


def times(found: BacklogFlow) -> Table:
    """How long orders take, told in two ways."""
    lead = found.lead
    seen = lead.delivered
    return Table(
        title=_("Lead times"),
        heads=(
            _("Orders"),
            pgettext("number of cases", "n"),
            _("Delivered"),
            _("Median, days"),
            _("85 %, days"),
        ),
        rows=[
            Row(
                _("Accepted in the window, running ones included"),
                [
                    Cell(figures.number(lead.accepted.n), "part=came"),
                    Cell(figures.number(lead.accepted.n_ended)),
                    _quantile(lead.accepted, lead.accepted.median),
                    _quantile(lead.accepted, lead.accepted.p85),
                ],
            ),
            Row(
                _("Delivered in the window"),
                [
                    Cell(figures.number(seen.n), "part=delivered"),
                    Cell(figures.number(seen.n)),
                    Cell(days(seen.median_days) if seen.n >= MIN_CASES else _too_few()),
                    Cell(days(seen.p85_days) if seen.n >= MIN_CASES else _too_few()),
                ],
            ),
        ],
    )


def stages(found: BacklogFlow) -> Table:
    """Where orders stood at the end of the window."""
    return Table(
        title=_("Owed at the end, by stage"),
        heads=(_("Stage"), _("Orders")),
        rows=[
            *(
                Row(
                    band.name,
                    [
                        Cell(
                            figures.number(int(band.counts[-1])),
                            f"part=inside&stage={band.stage_id}",
                        )
                    ],
                )
                for band in found.flow.bands
            ),
            Row(
                _("Together"),
                [Cell(figures.number(int(found.flow.inside[-1])), "part=inside")],
                is_total=True,
            ),
        ],
    )


def groups(work: WorkTimes) -> Table:
    """The work of each team or product."""
    rows = [_group(one, one.name or str(NONE[work.by]), key=one.key) for one in work.groups]
    if len(rows) > 1:
        rows.append(_group(work.whole, _("Together"), key=None))
    return Table(
        title=_("Work, by team") if work.by == "team" else _("Work, by product"),
        heads=(
            _("Group"),
            _("Waiting"),
            _("In work"),
            _("Finished"),
            _("Hours finished"),
            _("Cycle time, median"),
            _("85 %, days"),
        ),
        rows=rows,
    )


def _group(one: GroupTimes, name: str, *, key: int | None) -> Row:
    mine = "" if key is None else f"&key={key}"
    unknown = one.n_without_hours
    lacking = ngettext("%(n)s without hours", "%(n)s without hours", unknown) % {
        "n": figures.number(unknown)
    }
    return Row(
        name,
        [
            Cell(figures.number(one.n_waiting), f"part=waiting{mine}"),
            Cell(figures.number(one.n_running), f"part=running{mine}"),
            Cell(figures.number(one.n_finished), f"part=finished{mine}"),
            Cell(
                figures.number(Decimal(str(round(one.hours, 1)))), note=lacking if unknown else ""
            ),
            _quantile(one.cycle, one.cycle.median, query=f"part=begun{mine}"),
            _quantile(one.cycle, one.cycle.p85),
        ],
        is_total=key is None,
    )


def _quantile(duration: Duration, found: Quantile, *, query: str = "") -> Cell:
    n = n_text(duration.n)
    if duration.n < MIN_CASES:
        return Cell(_too_few(), query if duration.n else "", n)
    if found.days is None:
        return Cell(_("not reached"), query, n)
    interval = _("95 %%: %(low)s to %(high)s") % {
        "low": days(found.low),
        "high": days(found.high) if found.high is not None else "…",
    }
    return Cell(days(found.days), query, f"{interval}; {n}" if query else interval)


def _too_few() -> str:
    return _("too few")


def notes(found: BacklogFlow, work: WorkTimes, ahead: HoursAhead) -> Sequence[str]:
    """What bears on the figures."""
    said = []
    if n := found.n_weeks_run_out:
        said.append(
            ngettext(
                "In %(n)s whole week there was nothing to work on for a time: it is left out of throughput and "
                "capacity.",
                "In %(n)s whole weeks there was nothing to work on for a time: they are left out of throughput and "
                "capacity.",
                n,
            )
            % {"n": figures.number(n)}
        )
    said.append(_little(found))
    if n := work.n_unbegun:
        said.append(
            ngettext(
                "%(n)s work item was finished without ever being begun: it has no cycle time.",
                "%(n)s work items were finished without ever being begun: they have no cycle time.",
                n,
            )
            % {"n": figures.number(n)}
        )
    if n := ahead.whole.n_lines_unknown:
        said.append(
            ngettext(
                "%(n)s line that is owed lacks its hours and adds none to the weeks of capacity.",
                "%(n)s lines that are owed lack their hours and add none to the weeks of capacity.",
                n,
            )
            % {"n": figures.number(n)}
        )
    if ahead.hours_of_no_team:
        said.append(
            _("%(hours)s hours of the backlog belong to no team.")
            % {"hours": figures.number(ahead.hours_of_no_team)}
        )
    return [one for one in said if one]


def _little(found: BacklogFlow) -> str:
    """Little's law as a sign of how steady the flow was, never as a proof that it was."""
    little = found.little
    if little.gap is None or little.mean_stay is None:
        return ""
    told = {
        "inside": amount(little.inside),
        "rate": amount(little.per_time * 7),
        "stay": days(little.mean_stay),
        "product": amount(little.per_time * little.mean_stay),
    }
    if abs(little.gap) > UNSTEADY:
        return (
            _(
                "On average %(inside)s orders were owed; %(rate)s came in a week, and what left had been there "
                "%(stay)s days, which would make %(product)s (Little’s law). The two differ: the flow was not "
                "steady, so times of the past say little about those to come."
            )
            % told
        )
    return (
        _(
            "On average %(inside)s orders were owed; %(rate)s came in a week, and what left had been there %(stay)s "
            "days, which makes %(product)s (Little’s law): the flow was steady."
        )
        % told
    )
