"""Keeping uploaded files in the database, in pieces, until they are applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.intake.models import ChangeSet, Chunk

PIECE = 1 << 20
LARGEST = 512 << 20


def store(change_set: ChangeSet, data: bytes | Iterable[bytes]) -> int:
    """Keep a file.

    Returns:
        Its size in bytes.

    Raises:
        RuleBroken: ``intake.too_large``, ``intake.empty``.
    """
    n_bytes = 0
    for position, piece in enumerate(_pieces(data)):
        n_bytes += len(piece)
        if n_bytes > LARGEST:
            raise RuleBroken(
                "intake.too_large",
                _("%(file)s is larger than %(most)d MB. Split it into several files.")
                % {"file": change_set.filename, "most": LARGEST >> 20},
            )
        Chunk.objects.create(
            workspace_id=change_set.workspace_id,
            change_set=change_set,
            position=position,
            data=piece,
        )
    if n_bytes == 0:
        raise RuleBroken(
            "intake.empty",
            _("%(file)s is empty: it has no headers.") % {"file": change_set.filename},
        )
    return n_bytes


def chunks(change_set: ChangeSet) -> Iterator[bytes]:
    """The pieces of a kept file, one at a time."""
    pieces = Chunk.objects.filter(change_set=change_set).order_by("position")
    for pk in list(pieces.values_list("pk", flat=True)):
        yield bytes(Chunk.objects.values_list("data", flat=True).get(pk=pk))


def head(change_set: ChangeSet) -> bytes:
    """The first piece."""
    return next(chunks(change_set))


def drop(change_set: ChangeSet) -> None:
    """Keep the file no longer."""
    Chunk.objects.filter(change_set=change_set).delete()


def _pieces(data: bytes | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield from (data[start : start + PIECE] for start in range(0, len(data), PIECE))
        return
    held = b""
    for part in data:
        held += part
        while len(held) >= PIECE:
            yield held[:PIECE]
            held = held[PIECE:]
    if held:
        yield held
