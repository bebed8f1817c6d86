"""Tables as CSV files: streamed, and harmless to the spreadsheet that opens them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override

from penstock.base import spreadsheets
from penstock.users import walls
from penstock.users.middleware import MemberRequest

Cell = str | int | Decimal | float | date | datetime | None
BOM = "\ufeff"
N_AT_ONCE = 500


class _Line:
    """Takes what the writer of CSV writes, and hands it on."""

    def write(self, text: str) -> str:
        return text


def answer(
    request: MemberRequest,
    *,
    name: str,
    heads: Sequence[object],
    rows: Callable[[], Iterable[Sequence[Cell]]],
) -> StreamingHttpResponse:
    """A CSV file that is written while it is sent.

    UTF-8 with a byte order mark, as Excel expects. In Russian cells are parted by semicolons and
    decimals by a comma, as Excel reads them there; elsewhere by comma and point. Days are ISO dates.

    Args:
        request: Who asks; the rows are read inside the workspace once more, for a streamed answer
            is written after the request left it.
        name: Of the file, without its ending.
        heads: Names of the columns.
        rows: Reads the rows, of what the member may see.
    """
    # Said now: language and workspace of the request are left when the rows are written.
    language = get_language() or "en"
    is_russian = language.startswith("ru")
    workspace_id, zone = request.workspace.pk, request.workspace.zone
    account_id = request.member.account_id

    def cells(row: Sequence[Cell]) -> list[str]:
        return [written(_there(cell, zone), is_russian=is_russian) for cell in row]

    def lines() -> Iterator[str]:
        writer = csv.writer(_Line(), delimiter=";" if is_russian else ",")
        yield BOM + writer.writerow([written(label) for label in labels])
        with override(language), walls.inside(workspace_id, account_id=account_id):
            for row in rows():
                yield writer.writerow(cells(row))

    labels = [str(head) for head in heads]
    response = StreamingHttpResponse(_in_pieces(lines()), content_type="text/csv; charset=utf-8")
    # The plain name is for browsers that know no other; the second one may have any letters.
    file = f"{name} {timezone.localdate(timezone=zone).isoformat()}.csv"
    plain = file.encode("ascii", "ignore").decode().strip().replace('"', "") or "export.csv"
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file)}"
    )
    response["Cache-Control"] = "no-store"
    return response


def written(cell: Cell, *, is_russian: bool = False) -> str:
    """A cell as text: numbers stay numbers, a text that would run gets an apostrophe before it.

    >>> written("=1+1"), written(" +7 999"), written("Acme"), written(Decimal("-3.5000"))
    ("'=1+1", "' +7 999", 'Acme', '-3.5')
    >>> written(Decimal("1200.5"), is_russian=True), written(None)
    ('1200,5', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, (Decimal, int, float)):
        return _number(cell, is_russian=is_russian)
    return spreadsheets.harmless(cell)


def _there(cell: Cell, zone: ZoneInfo) -> Cell:
    return timezone.localtime(cell, zone) if isinstance(cell, datetime) else cell


def _number(value: Decimal | float, *, is_russian: bool) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if is_russian else text


def _in_pieces(lines: Iterable[str]) -> Iterator[str]:
    """Some hundred lines at once: one write each would cost more than the rows."""
    piece: list[str] = []
    for line in lines:
        piece.append(line)
        if len(piece) == N_AT_ONCE:
            yield "".join(piece)
            piece.clear()
    if piece:
        yield "".join(piece)
