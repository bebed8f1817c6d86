"""Change sets, their rows and files, saved mappings, identities."""

from penstock.intake.models.change_set import ChangeRow, ChangeSet, Chunk, State, Verdict
from penstock.intake.models.identity import Identity
from penstock.intake.models.mapping import Mapping

__all__ = ["ChangeRow", "ChangeSet", "Chunk", "Identity", "Mapping", "State", "Verdict"]
