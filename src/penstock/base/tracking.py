"""What two addresses say of where a visitor came from: the page that was opened, and the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlsplit

CONTENT, SOCIAL, PAID, SEARCH = "content", "social", "paid", "search"
REFERRAL, EMAIL, EVENT, PHONE, DIRECT = "referral", "email", "event", "phone", "direct"

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
#: Longer values are cut: no honest one is.
LONGEST = 200
#: What advertising systems put into the addresses of their clicks.
PAID_CLICKS = frozenset({"gclid", "gbraid", "wbraid", "msclkid", "yclid", "dclid"})
#: The usual words of ``utm_medium`` and ``utm_source``, as one word without spaces, dots and dashes.
MEDIUMS: Mapping[str, frozenset[str]] = {
    PAID: frozenset(
        {"cpc", "ppc", "cpm", "cpv", "cpa", "ads", "ad", "banner", "display", "retargeting"}
    ),
    EMAIL: frozenset({"email", "mail", "newsletter", "mailing"}),
    SOCIAL: frozenset({"social", "socialnetwork", "socialmedia", "sm", "smm", "messenger"}),
    SEARCH: frozenset({"organic", "search", "seo"}),
    REFERRAL: frozenset({"referral", "partner", "affiliate", "link", "review"}),
    EVENT: frozenset({"event", "webinar", "conference", "fair", "offline", "exhibition", "qr"}),
    PHONE: frozenset({"phone", "call", "sms", "telephone"}),
    CONTENT: frozenset({"content", "blog", "article", "video", "podcast", "whitepaper", "guide"}),
}
#: Hosts by the name before their last part: ``google`` is google.com, google.de and www.google.co.uk.
SEARCHES = frozenset(
    {"google", "bing", "yandex", "ya", "duckduckgo", "yahoo", "baidu", "ecosia", "startpage"}
    | {"rambler", "brave", "qwant", "kagi"}
)
SOCIALS = frozenset(
    {"facebook", "fb", "instagram", "linkedin", "lnkd", "twitter", "x", "t", "vk", "vkontakte"}
    | {"ok", "telegram", "youtube", "tiktok", "reddit", "pinterest", "threads", "xing", "whatsapp"}
    | {"dzen", "rutube", "mastodon", "bsky"}
)
MAILS = frozenset({"mail.google.com", "outlook.live.com", "outlook.office.com", "e.mail.ru"}) | {
    "mail.yandex.ru",
    "mail.yandex.com",
    "mail.yahoo.com",
}
#: Full hosts that would be taken for something else by their name.
HOSTS = {"go.mail.ru": SEARCH, "t.me": SOCIAL, "t.co": SOCIAL, "x.com": SOCIAL, "ok.ru": SOCIAL}
_AMBIGUOUS = frozenset({"t", "x", "ok"})
_TOP = frozenset({"co", "com", "org", "net"})


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a visitor came from, as far as the addresses say; none of it was asked of the visitor.

    ``landing`` is the page without its query, ``referrer`` the host alone: the rest of both may say
    more of a person than anybody needs.
    """

    utm: Mapping[str, str] = field(default_factory=dict)
    landing: str = ""
    referrer: str = ""
    is_paid_click: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.utm or self.landing or self.referrer or self.is_paid_click)


def read(address: str, *, referrer: str = "") -> Trace:
    """Read the address of a page and the one that led to it; nonsense reads as nothing.

    >>> found = read("https://mill.test/wheels?utm_source=Yandex&utm_medium=cpc#a", referrer="https://ya.ru/x?q=1")
    >>> found.landing, found.referrer, dict(found.utm)
    ('https://mill.test/wheels', 'ya.ru', {'utm_source': 'Yandex', 'utm_medium': 'cpc'})
    """
    page = _split(address)
    asked = dict(parse_qsl(page.query, max_num_fields=100)) if page.query.count("&") < 100 else {}
    return Trace(
        utm={name: clean(asked[name]) for name in UTM if clean(asked.get(name, ""))},
        landing=clean(f"{page.scheme}://{page.netloc}{page.path}") if page.netloc else "",
        referrer=clean(_host(referrer)),
        is_paid_click=not PAID_CLICKS.isdisjoint(asked),
    )


def channel_of(trace: Trace, *, own: Mapping[tuple[str, str], str] | None = None) -> str:
    """The channel that a trace speaks of, or nothing if it does not say.

    In this order: the rules of the workspace; the click of an advertising system; ``utm_medium``;
    ``utm_source``; the host that led here. A host of one's own says nothing.

    Args:
        trace: What the addresses say.
        own: Channels by what is compared (``utm_medium``, ``utm_source``, ``utm_campaign`` or
            ``referrer``) and its value, folded.

    >>> channel_of(Trace(utm={"utm_medium": "e-mail"}))
    'email'
    >>> channel_of(Trace(referrer="www.google.de")), channel_of(Trace(referrer="acme.example"))
    ('search', 'referral')
    """
    for name in ("utm_campaign", "utm_source", "utm_medium", "referrer"):
        value = trace.referrer if name == "referrer" else trace.utm.get(name, "")
        if value and (found := (own or {}).get((name, fold(value)))):
            return found
    if trace.is_paid_click:
        return PAID
    return (
        _medium(trace.utm.get("utm_medium", ""))
        or _by_source(trace.utm.get("utm_source", ""))
        or _by_host(trace.referrer, own_host=_split(trace.landing).hostname or "")
    )


def fold(text: str) -> str:
    """A value as it is compared: case and spaces around it do not count."""
    return " ".join(text.casefold().split())[:LONGEST]


def clean(text: str) -> str:
    """A value as it is kept: on one line, without signs that do not print, not longer than is honest."""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:LONGEST]


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(clean_address(address))
        parts.port  # noqa: B018 -- raises for a port that is none
    except ValueError:
        return urlsplit("")
    return parts if parts.scheme in {"http", "https"} and "@" not in parts.netloc else urlsplit("")


def clean_address(address: str) -> str:
    """An address without signs that do not print, cut where no browser would go on."""
    return "".join(sign for sign in address if sign.isprintable()).strip()[:4000]


def _host(address: str) -> str:
    return _split(address).hostname or ""


def _medium(text: str) -> str:
    word = "".join(sign for sign in fold(text) if sign.isalnum())
    if word.startswith("paid"):
        return PAID
    return next((channel for channel, words in MEDIUMS.items() if word in words), "")


def _by_source(text: str) -> str:
    source = fold(text)
    if not source:
        return ""
    return _medium(source) or _known_host(source) or REFERRAL


def _by_host(host: str, *, own_host: str) -> str:
    if not host or _bare(host) == _bare(own_host):
        return ""
    return _known_host(host) or REFERRAL


def _known_host(host: str) -> str:
    """Search, social or e-mail, for a host or a name that is known for it."""
    if host in MAILS:
        return EMAIL
    if host in HOSTS:
        return HOSTS[host]
    name = _name(host)
    if name in SEARCHES:
        return SEARCH
    is_social = name in SOCIALS and not (name in _AMBIGUOUS and "." in host)
    return SOCIAL if is_social else ""


def _name(host: str) -> str:
    """The part of a host that people know: ``google`` of www.google.co.uk."""
    parts = host.split(".")
    if len(parts) > 2 and parts[-2] in _TOP:
        parts = parts[:-1]
    return parts[-2] if len(parts) > 1 else host


def _bare(host: str) -> str:
    return host.removeprefix("www.")
