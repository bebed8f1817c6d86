"""From lines to rows: delimiter, headers, quoted newlines, footers."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.intake.files import decoding

DELIMITERS = (",", ";", "\t", "|")
LARGEST_FIELD = 100_000
MOST_COLUMNS = 500
csv.field_size_limit(LARGEST_FIELD)


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written."""

    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its number (the first record is 1), the line where it ends, its cells by header."""

    number: int
    line: int
    cells: dict[str, str]


def form_of(head: bytes) -> Form:
    """Encoding and delimiter of a file from its first bytes."""
    encoding = decoding.guess(head)
    first = head.decode(encoding, "replace").lstrip("\ufeff")
    return Form(encoding=encoding, delimiter=_delimiter(first))


def headers(chunks: Iterable[bytes], *, form: Form, filename: str) -> list[str]:
    """The cleaned headers of a file.

    Raises:
        RuleBroken: ``intake.empty``, ``intake.headers`` (naming the column), ``intake.malformed``.
    """
    reader = _reader(chunks, form=form, filename=filename)
    return _headers(_records(reader, filename), filename=filename)


def rows(chunks: Iterable[bytes], *, form: Form, filename: str) -> Iterator[Row]:
    """The records of a file, without blank ones; a footer is a last record with one cell only.

    Raises:
        RuleBroken: Those of :func:`headers`, and ``intake.too_many_cells`` naming file, line and column.
    """
    reader = _reader(chunks, form=form, filename=filename)
    records = _records(reader, filename)
    names = _headers(records, filename=filename)
    for number, (line, cells) in enumerate(_without_footer(records, len(names)), start=1):
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            raise RuleBroken(
                "intake.too_many_cells",
                _(
                    "%(file)s, line %(line)d, column %(column)d: "
                    "there are more cells than headers. Quote cells that contain “%(delimiter)s”."
                )
                % {
                    "file": filename,
                    "line": line,
                    "column": len(names) + 1,
                    "delimiter": form.delimiter,
                },
            )
        filled = zip_longest(names, cells[: len(names)], fillvalue="")
        yield Row(number, line, {name: cell.strip() for name, cell in filled})


def sample(chunks: Iterable[bytes], *, form: Form, filename: str, n: int = 400) -> list[Row]:
    """The first records."""
    return list(islice(rows(chunks, form=form, filename=filename), n))


def _reader(chunks: Iterable[bytes], *, form: Form, filename: str) -> Iterator[list[str]]:
    lines = decoding.lines(chunks, encoding=form.encoding, filename=filename)
    first = next(lines, "").lstrip("\ufeff")
    if "\x00" in first:
        raise RuleBroken(
            "intake.not_text",
            _("%(file)s is not a text file. Save it as CSV first.") % {"file": filename},
        )
    return csv.reader(chain([first], lines), delimiter=form.delimiter, strict=True)


def _records(reader: Iterator[list[str]], filename: str) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RuleBroken(
                "intake.malformed",
                _(
                    "%(file)s, line %(line)d: the row cannot be read (%(why)s). Look for an unclosed quotation mark."
                )
                % {"file": filename, "line": reader.line_num, "why": str(error)},  # type: ignore[attr-defined]  # -- a csv.reader
            ) from error
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells  # type: ignore[attr-defined]  # -- a csv.reader


def _headers(records: Iterator[tuple[int, list[str]]], *, filename: str) -> list[str]:
    _line, cells = next(records, (1, []))
    names = [_clean(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise RuleBroken(
            "intake.empty", _("%(file)s is empty: it has no headers.") % {"file": filename}
        )
    if len(names) > MOST_COLUMNS:
        raise RuleBroken(
            "intake.headers",
            _("%(file)s has %(n)d columns; at most %(most)d can be read.")
            % {"file": filename, "n": len(names), "most": MOST_COLUMNS},
        )
    repeated = [name for name, n in Counter(name.casefold() for name in names).items() if n > 1]
    if repeated:
        column = [name.casefold() for name in names].index(repeated[0]) + 1
        raise RuleBroken(
            "intake.headers",
            _(
                "%(file)s, line 1, column %(column)d: the header “%(name)s” stands there twice. Rename one."
            )
            % {"file": filename, "column": column, "name": names[column - 1]},
        )
    return names


def _clean(header: str) -> str:
    return " ".join(header.strip().strip("\ufeff*\"' ").split())


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: _outside_quotes(first, mark) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def _without_footer(
    records: Iterator[tuple[int, list[str]]], n_columns: int
) -> Iterator[tuple[int, list[str]]]:
    """Leave out trailing records that fill one cell of a wider table, such as “Total rows: 12”."""
    held: list[tuple[int, list[str]]] = []
    for line, cells in records:
        if n_columns > 2 and len(cells) == 1:
            held.append((line, cells))
            continue
        yield from held
        held = []
        yield line, cells
