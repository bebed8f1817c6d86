"""Which channel a word or an address stands for: the usual rules, and those of the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base import tracking
from penstock.base.errors import RuleBroken
from penstock.base.tracking import Trace
from penstock.sales import campaigns
from penstock.sales.models import Campaign, Channel, ChannelRule
from penstock.users import audit
from penstock.users.kept import Kept
from penstock.users.models import Member, Workspace

Rules = Mapping[tuple[str, str], str]

#: What people and other systems call the sources of their deals; compared without signs.
STATED: Mapping[str, frozenset[str]] = {
    Channel.CONTENT: frozenset(
        {"content", "contentmarketing", "blog", "webinarrecording", "download", "whitepaper"}
        | {"контент", "блог", "статья"}
    ),
    Channel.SOCIAL: frozenset(
        {"social", "socialmedia", "organicsocial", "facebook", "linkedin", "instagram", "twitter"}
        | {"telegram", "соцсети", "социальныесети", "вконтакте", "телеграм"}
    ),
    Channel.PAID: frozenset(
        {"paid", "paidsearch", "paidsocial", "paidadvertising", "advertisement", "ads", "adwords"}
        | {"googleads", "advertising", "display", "реклама", "контекстнаяреклама", "директ"}
        | {"платнаяреклама", "таргет"}
    ),
    Channel.SEARCH: frozenset(
        {"search", "organicsearch", "organic", "seo", "google", "yandex", "поиск", "сео", "яндекс"}
    ),
    Channel.REFERRAL: frozenset(
        {"referral", "referrals", "partner", "partners", "partnerreferral", "employeereferral"}
        | {"recommendation", "wordofmouth", "externalreferral", "customerreferral"}
        | {"рекомендация", "рекомендации", "партнёр", "партнер", "партнёры", "сарафанноерадио"}
    ),
    Channel.EMAIL: frozenset(
        {"email", "mail", "emailmarketing", "newsletter", "mailing", "почта", "рассылка", "письмо"}
        | {"электроннаяпочта"}
    ),
    Channel.EVENT: frozenset(
        {"event", "events", "tradeshow", "fair", "tradefair", "conference", "webinar", "seminar"}
        | {"exhibition", "выставка", "мероприятие", "мероприятия", "конференция", "вебинар"}
    ),
    Channel.PHONE: frozenset(
        {"phone", "call", "coldcall", "coldcalling", "telephone", "phoneinquiry", "inboundcall"}
        | {"outboundcall", "звонок", "телефон", "холодныйзвонок", "входящийзвонок"}
    ),
    Channel.DIRECT: frozenset(
        {"direct", "directtraffic", "website", "web", "webform", "site", "сайт"}
        | {"прямойзаход", "прямой", "прямыезаходы"}
    ),
}
_USUAL = {word: channel for channel, words in STATED.items() for word in words}


@dataclass(frozen=True, slots=True)
class Came:
    """How somebody came: a channel, and a campaign if there was one."""

    channel: str
    campaign: Campaign | None = None


def came(
    workspace: Workspace,
    trace: Trace,
    *,
    channel: str = "",
    campaign: Campaign | None = None,
) -> Came:
    """How a visitor came, by what the addresses say.

    The campaign is the one whose code the address carries; its channel counts before what else the
    address says. ``channel`` and ``campaign`` stand in where the address says nothing.
    """
    found = campaigns.named(workspace.pk, trace.utm.get("utm_campaign", ""))
    told = tracking.channel_of(trace, own=rules_of(workspace.pk))
    if found is not None:
        return Came(found.channel, found)
    if told:
        return Came(told)
    if campaign is not None:
        return Came(channel or campaign.channel, campaign)
    return Came(channel or Channel.DIRECT)


_rules = Kept(lambda workspace_id: ChannelRule.objects.filter(workspace_id=workspace_id))


def rules_of(workspace_id: int) -> Rules:
    """The rules of a workspace, in one query."""
    return {(row.sort, row.text): row.channel for row in _rules(workspace_id)}


def of_stated(texts: Iterable[str], *, own: Rules) -> dict[str, str]:
    """The channel of each stated source; nothing for one of which nobody said where it belongs.

    >>> of_stated(["Trade show", "Наш сайт", "Сайт"], own={("stated", "наш сайт"): "direct"})
    {'Trade show': 'event', 'Наш сайт': 'direct', 'Сайт': 'direct'}
    """
    return {
        text: own.get((ChannelRule.Sort.STATED, tracking.fold(text))) or usual(text)
        for text in texts
    }


def usual(text: str) -> str:
    """The channel that a stated source usually means, or nothing."""
    word = "".join(sign for sign in text.casefold() if sign.isalnum())
    return str(_USUAL.get(word, ""))


def set_rule(
    workspace: Workspace, *, sort: str, text: str, channel: str, by: Member | None
) -> ChannelRule:
    """Say which channel a word stands for; another one for the same word replaces it.

    Reports read stated sources by it at once; touches that are written down keep their channel.

    Raises:
        RuleBroken: ``sales.channel``, ``sales.channel_word`` for no word,
            ``sales.channel_sort``.
    """
    word = tracking.fold(tracking.clean(text))
    if sort not in ChannelRule.Sort.values:
        raise RuleBroken("sales.channel_sort", _("Choose what is compared."), needs=["sort"])
    if channel not in Channel.values:
        raise RuleBroken("sales.channel", _("Choose one of the channels."), needs=["channel"])
    if not word:
        raise RuleBroken(
            "sales.channel_word", _("Enter the word that stands for the channel."), needs=["text"]
        )
    with transaction.atomic():
        row, _made = ChannelRule.objects.update_or_create(
            workspace=workspace, sort=sort, text=word, defaults={"channel": channel}
        )
        audit.record(workspace_id=workspace.pk, by=by, action="channel_rule.set", target=row)
        return row


def drop_rule(rule: ChannelRule, *, by: Member | None) -> None:
    """Let a word mean what it usually means."""
    with transaction.atomic():
        audit.record(
            workspace_id=rule.workspace_id, by=by, action="channel_rule.dropped", target=rule
        )
        rule.delete()
