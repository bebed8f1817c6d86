"""Which of two records stays, and whose value each field has afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from penstock.contacts.models.merge import Noun
from penstock.web.pages import merging_nouns as nouns

ONE, OTHER = "one", "other"
#: A won deal has placed its order and stays; a lost one goes.
RANKS = {"won": 0, "": 1, "lost": 2}


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of both: two radio buttons where they differ, one value where they do not."""

    name: str
    label: str
    values: tuple[str, str]
    chosen: str
    differs: bool


class MergeForm(forms.Form):
    """Which one stays, and which value of each field that differs."""

    keep = forms.ChoiceField(label=_("Which one stays?"), choices=[(ONE, ONE), (OTHER, OTHER)])

    def __init__(self, data: QueryDict | None = None, *, noun: Noun, one: Any, other: Any) -> None:
        super().__init__(data)
        self._noun, self._records = noun, {ONE: one, OTHER: other}
        self._values = {side: nouns.values(noun, row) for side, row in self._records.items()}
        for name in self._differing:
            self.fields[name] = forms.ChoiceField(
                choices=[(ONE, ONE), (OTHER, OTHER)], required=False
            )

    @property
    def keeps(self) -> str:
        """The side that stays as it is proposed or was chosen."""
        chosen = self.data.get("keep", "") if self.is_bound else ""
        return chosen if chosen in (ONE, OTHER) else self._proposed

    @property
    def choices(self) -> list[Choice]:
        """Every field of both, in order."""
        return [
            Choice(
                name=name,
                label=str(nouns.LABELS[self._noun][name]),
                values=(self._values[ONE][name], self._values[OTHER][name]),
                chosen=self._chosen(name),
                differs=name in self._differing,
            )
            for name in nouns.FIELDS[self._noun]
        ]

    @property
    def kept(self) -> Any:
        """The record that stays, of a valid form."""
        return self._records[self.cleaned_data["keep"]]

    @property
    def gone(self) -> Any:
        """The record that goes, of a valid form."""
        return self._records[OTHER if self.cleaned_data["keep"] == ONE else ONE]

    @property
    def take(self) -> list[str]:
        """The fields in which the value of the one that goes survives."""
        keep = self.cleaned_data["keep"]
        return [name for name in self._differing if (self.cleaned_data.get(name) or keep) != keep]

    @property
    def _differing(self) -> Sequence[str]:
        return [
            name
            for name in nouns.FIELDS[self._noun]
            if self._values[ONE][name] != self._values[OTHER][name]
        ]

    @property
    def _proposed(self) -> str:
        if self._noun != Noun.DEAL:
            return ONE if self._records[ONE].pk < self._records[OTHER].pk else OTHER
        ranks = {
            side: (RANKS.get(row.item.outcome, 3), row.pk) for side, row in self._records.items()
        }
        return min(ranks, key=lambda side: ranks[side])

    def _chosen(self, name: str) -> str:
        """As it was chosen; else the value of the one that stays, where it has one."""
        chosen = self.data.get(name, "") if self.is_bound else ""
        if chosen in (ONE, OTHER):
            return chosen
        keep = self.keeps
        return keep if self._values[keep][name] else OTHER if keep == ONE else ONE
