"""The sample company's forms, and the leads that came in by them of late."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from penstock.base import tracking
from penstock.catalog import calendars
from penstock.flow import dating, pipelines
from penstock.flow.models import Kind
from penstock.intake.sample.company import Cast
from penstock.intake.sample.marketing import LANDING, PAGES
from penstock.sales import activities, capture_forms, captures
from penstock.sales.captures import Sent
from penstock.sales.models import Activity, CaptureForm, OwnerRule, Submission


@dataclass(frozen=True, slots=True)
class Wording:
    """What forms and visitors say in one language."""

    quote: tuple[str, str, str]
    card: tuple[str, str, str]
    consent: str
    thanks: str
    messages: tuple[str, ...]
    spam: str


WORDINGS = {
    "en": Wording(
        quote=("Website: ask for a quote", "Ask for a quote", "Tell us what you need."),
        card=("Trade fair: card", "Stay in touch", "Leave your card, and we call you."),
        consent="I agree that my details are kept to answer this request.",
        thanks="We will call you within one working day.",
        messages=(
            "We look for a pump for a mill from 1911. Who can have a look at it?",
            "What does a service contract for two turbines cost a year?",
            "Please send the data sheet and a price for 12 units.",
            "Our generator is loud. Can somebody come this month?",
        ),
        spam="Cheap traffic! http://a.example http://b.example http://c.example http://d.example",
    ),
    "ru": Wording(
        quote=("Сайт: запрос цены", "Запросить цену", "Расскажите, что вам нужно."),
        card=("Выставка: визитка", "Оставайтесь на связи", "Оставьте контакты — мы позвоним."),
        consent="Согласен на обработку моих данных для ответа на этот запрос.",
        thanks="Мы позвоним вам в течение одного рабочего дня.",
        messages=(
            "Ищем насос для мельницы 1911 года. Кто может приехать посмотреть?",
            "Сколько стоит договор на обслуживание двух турбин в год?",
            "Пришлите, пожалуйста, технический паспорт и цену за 12 штук.",
            "Генератор стал шуметь. Может ли кто-нибудь приехать в этом месяце?",
        ),
        spam="Дешёвый трафик! http://a.example http://b.example http://c.example http://d.example",
    ),
}
#: Hours before now, how the visitor came, and after how many working hours somebody called (None: not yet).
CAME = (
    (190, "?utm_source=google&utm_medium=cpc&utm_campaign=search-ads", "", 3),
    (166, "", "https://www.google.com/", 11),
    (141, "?utm_source=newsletter&utm_medium=email&utm_campaign=newsletter", "", 2),
    (118, "", "https://www.linkedin.com/", 1),
    (96, "?utm_source=google&utm_medium=cpc&utm_campaign=search-ads", "", None),
    (71, "", "", 5),
    (50, "", "https://partner.example/", None),
    (51, "?utm_source=google&utm_medium=cpc&utm_campaign=search-ads", "", 0.5),
    (20, "", "https://www.google.com/", None),
    (5, "", "https://duckduckgo.com/", None),
    (1, "?utm_source=newsletter&utm_medium=email&utm_campaign=newsletter", "", None),
)


def come(cast: Cast) -> None:
    """Make the forms, let visitors send them, and call some of them back."""
    said = WORDINGS["ru" if cast.words.currency == "RUB" else "en"]
    with dating.lived(cast.now - timedelta(days=60)):
        quote = _form(cast, said.quote, said, owner_rule=OwnerRule.TEAM, channel="")
        _form(cast, said.card, said, owner_rule=OwnerRule.NOBODY, channel="event")
    rng = random.Random(47)
    time = calendars.of(cast.workspace)
    for number, (hours, query, referrer, answered) in enumerate(CAME):
        at = cast.now - timedelta(hours=hours)
        page = LANDING.format(slug=cast.words.slug, page=rng.choice(PAGES)) + query
        with dating.lived(at):
            row = captures.take(
                quote, _sent(cast, said, number, tracking.read(page, referrer=referrer))
            )
        if answered is not None:
            _answer(cast, row, at=time.add_hours(at, answered))
    with dating.lived(cast.now - timedelta(hours=9)):
        spam = {"name": "Max", "email": "max@spam.example", "message": said.spam}
        captures.take(quote, Sent(answers=spam, source_key="sample:spam", agrees=True))


def _form(
    cast: Cast, words: tuple[str, str, str], said: Wording, *, owner_rule: str, channel: str
) -> CaptureForm:
    name, heading, intro = words
    rep = next(one for one in cast.members if one.role == "rep" and one.team)
    return capture_forms.make(
        cast.workspace,
        by=cast.members[1],
        name=name,
        heading=heading,
        intro=intro,
        thanks=said.thanks,
        consent=said.consent,
        pipeline=pipelines.default_for(cast.workspace.pk, kind=Kind.DEAL),
        owner_rule=owner_rule,
        team=rep.team if owner_rule == OwnerRule.TEAM else None,
        channel=channel,
    )


def _sent(cast: Cast, said: Wording, number: int, trace: tracking.Trace) -> Sent:
    person = f"{cast.words.first_names[number % 7]} {cast.words.last_names[number % 5]}"
    company = f"{cast.words.places[number % 6]} {cast.words.trades[number % 4]}"
    return Sent(
        answers={
            "name": person,
            "email": f"visitor{number}@lead{number % 9}.example",
            "company": company,
            "message": said.messages[number % len(said.messages)],
        },
        source_key=f"sample:{number}",
        trace=trace,
        page=trace.landing,
        agrees=True,
    )


def _answer(cast: Cast, row: Submission, *, at: datetime) -> None:
    assert row.deal is not None, "nothing doubtful about it"
    owner = row.deal.item.owner or cast.members[1]
    if at >= cast.now:
        return
    with dating.lived(at):
        activities.log(
            row.deal.item,
            kind=Activity.ActivityKind.CALL,
            by=owner,
            result=Activity.Result.REACHED,
            person=row.person,
        )
