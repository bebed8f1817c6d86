"""What files call stages and endings."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.base.keys import match_key
from penstock.flow import items, pipelines
from penstock.flow.models import Kind, Pipeline, Stage, StageKind
from penstock.intake.nouns.run import Run

WON = frozenset(
    match_key(word)
    for word in (
        "won",
        "closed won",
        "win",
        "выиграна",
        "выигран",
        "успешно реализовано",
        "сделка успешна",
    )
)
LOST = frozenset(
    match_key(word)
    for word in (
        "lost",
        "closed lost",
        "проиграна",
        "проигран",
        "закрыто и не реализовано",
        "сделка провалена",
    )
)
OPEN = frozenset(
    match_key(word) for word in ("open", "new", "active", "in progress", "открыта", "в работе")
)

# Names that other programs give their stages, by the seven of the default pipeline.
CANONICAL = {
    "lead_generation": ("lead", "new lead", "lead in", "opened", "лид", "новый лид"),
    "qualification": (
        "prospecting",
        "qualification",
        "qualified",
        "engaging",
        "prospect",
        "квалификация",
    ),
    "needs_assessment": (
        "needs analysis",
        "discovery",
        "value proposition",
        "выявление потребностей",
    ),
    "first_contact": (
        "first contact",
        "contact made",
        "meeting scheduled",
        "demo scheduled",
        "первый контакт",
    ),
    "proposal": (
        "proposal",
        "proposal made",
        "proposal price quote",
        "quote",
        "коммерческое предложение",
    ),
    "negotiation": (
        "negotiation",
        "negotiation review",
        "negotiations started",
        "contract sent",
        "переговоры",
    ),
    "follow_up": ("follow up", "onboarding", "сопровождение"),
}
_CANONICAL = {match_key(word): code for code, words in CANONICAL.items() for word in words}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text says a deal stands: in a stage, or won, lost, open."""

    stage: Stage | None = None
    verdict: str | None = None


class Stages:
    """The stages of the pipeline that an import writes to; new ones are added where that was chosen."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._told: dict[tuple[str, str], Standing | None] = {}
        self.pipeline = self._choose()
        self._read()

    def standing(self, text: str | None, *, field: str = "stage") -> Standing | None:
        """What a text means, or None when it means nothing known."""
        if not text:
            return Standing()
        if (text, field) not in self._told:
            self._told[text, field] = self._standing(text, field)
        return self._told[text, field]

    def _standing(self, text: str, field: str) -> Standing | None:
        word = match_key(self._run.value_of(field, text))
        if word in WON or word in LOST or (word in OPEN and word not in self._by_name):
            return Standing(verdict="won" if word in WON else "lost" if word in LOST else "")
        stage = self._by_name.get(word)
        if stage is None and field == "stage" and self._creates:
            stage = self._add(text)
        return Standing(stage=stage) if stage else None

    @property
    def in_use(self) -> list[Stage]:
        """The stages that a deal can stand in, in order."""
        return list(self._stages)

    def of(self, stage_id: int) -> Stage | None:
        """The stage of this number, if a deal can stand in it."""
        return next((one for one in self._stages if one.pk == stage_id), None)

    @property
    def first(self) -> Stage:
        """Where deals open of which no stage is known."""
        return self._stages[0] if self._stages else items.first_stage(self.pipeline)

    @property
    def follow_up(self) -> Stage | None:
        """Where won deals go."""
        found = [one for one in self._stages if one.canonical == "follow_up"]
        return found[0] if found else None

    def is_past_lead(self, stage: Stage) -> bool:
        """Whether a deal in this stage is qualified."""
        return stage.canonical not in ("", "lead_generation", "qualification")

    @property
    def _creates(self) -> bool:
        return bool(self._run.option("stages") == "create")

    def _choose(self) -> Pipeline:
        workspace = self._run.workspace
        name = self._run.option("pipeline")
        if not name:
            return pipelines.default_for(workspace.pk, kind=Kind.DEAL)
        rows = Pipeline.objects.filter(workspace=workspace, kind=Kind.DEAL, retired_at=None)
        found = {
            match_key(word): row for row in rows for word in (row.label, row.code, str(row.pk))
        }
        if match_key(str(name)) in found or not self._creates:
            return found.get(match_key(str(name))) or pipelines.default_for(
                workspace.pk, kind=Kind.DEAL
            )
        return self._found(str(name))

    def _found(self, name: str) -> Pipeline:
        names = self._run.option("stage_names") or self._run.staged("stage")
        names = [text for text in names if match_key(text) not in WON | LOST | OPEN]
        pipeline = pipelines.create(
            self._run.workspace, kind=Kind.DEAL, name=name, stages=names[:1] or [name]
        )
        Pipeline.objects.filter(pk=pipeline.pk).update(batch=self._run.batch.number)
        for stage in pipeline.stages.all():
            self._mark(stage, names[0] if names else name)
        self.pipeline = pipeline
        self._stages: list[Stage] = []
        for text in names[1:]:
            self._mark(pipelines.add_stage(pipeline, name=text), text)
        self._run.made["pipelines"] += 1
        return pipeline

    def _add(self, text: str) -> Stage:
        stage = self._mark(pipelines.add_stage(self.pipeline, name=text), text)
        self._read()
        return stage

    def _mark(self, stage: Stage, text: str) -> Stage:
        stage.batch = self._run.batch.number
        stage.canonical = _CANONICAL.get(match_key(text), "")
        stage.kind = StageKind.WORK
        stage.save(update_fields=["batch", "canonical", "kind"])
        self._run.made["stages"] += 1
        return stage

    def _read(self) -> None:
        self._stages = list(self.pipeline.stages.filter(retired_at=None).order_by("position", "id"))
        # What people wrote wins over what we call it, and the earlier stage over the later.
        ranks = (
            _synonyms,
            lambda one: [one.canonical],
            lambda one: [one.code, str(one.pk)],
            lambda one: [one.label],
        )
        self._by_name: dict[str, Stage] = {
            match_key(word): stage
            for words in ranks
            for stage in reversed(self._stages)
            for word in words(stage)
            if word
        }


def _synonyms(stage: Stage) -> list[str]:
    return list(CANONICAL.get(stage.canonical, ()))
