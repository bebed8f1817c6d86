"""Names as they can be compared: in Latin letters, without legal forms, folded, cut into trigrams."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Set

_LEGAL = (
    "ltd limited llc pjsc ojsc jsc cjsc llp lp inc incorporated corp corporation co company gmbh ag kg ohg ug plc sa "
    "sas sarl srl spa bv nv oy ab as aps kft sro spzoo zoo pty pte ooo oao zao pao ao ip "
    "ооо оао зао пао ао ип нко фгуп гуп муп тоо чп тов общество ограниченной ответственностью акционерное "
    "публичное закрытое открытое товарищество"
)
LEGAL = frozenset(_LEGAL.split())
#: Without them a name is as good as with them, in the middle too.
_EMPTY = "the and und et с и the"
EMPTY = frozenset(_EMPTY.split())
_PUBLIC_HOSTS = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com gmx.de "
    "gmx.net web.de proton.me protonmail.com fastmail.com mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru "
    "yandex.com ya.ru rambler.ru lenta.ru vk.com t-online.de orange.fr libero.it qq.com 163.com"
)
PUBLIC_HOSTS = frozenset(_PUBLIC_HOSTS.split())
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
        "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
        "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i",
        "ї": "i", "є": "e", "ґ": "g",
    }
)  # fmt: skip
#: Spellings of one sound, longest first; what comes out is for comparing, not for reading.
_FOLDS = (
    ("shch", "sh"), ("sch", "sh"), ("tsch", "ch"), ("zh", "j"), ("kh", "h"), ("ph", "f"), ("th", "t"),
    ("chn", "hn"), ("chr", "hr"), ("ck", "k"), ("qu", "kv"), ("x", "ks"), ("w", "v"), ("iy", "i"),
    ("yi", "i"), ("ij", "i"), ("y", "i"), ("ii", "i"), ("ue", "u"), ("oe", "o"), ("ae", "a"),
    ("ie", "i"), ("tz", "ts"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("kh", "ch"), ("j", "zh"),
)  # fmt: skip
#: In a longer word an e at the end is mute more often than not.
LONG = 5
N_BANDS, N_ROWS = 8, 2
_PRIME = 4_294_967_311
#: Multipliers and shifts of the permutations; any odd numbers do, as long as they never change.
_TURNS = [(2_654_435_761 * (2 * k + 1) % _PRIME, 40_503 * (k + 7)) for k in range(N_BANDS * N_ROWS)]


def plain(text: str) -> str:
    """Lower case, Latin letters, no accents; digits stay, all else is a space.

    >>> plain("ООО «Ёлка-Сервис»"), plain("Müller & Söhne")
    ('ooo elka servis', 'muller sohne')
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_CYRILLIC)
    letters = unicodedata.normalize("NFD", folded.replace("ß", "ss").replace("ø", "o"))
    kept = "".join(part for part in letters if not unicodedata.combining(part))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", kept).split())


def folded(word: str) -> str:
    """A word in plain letters, with one spelling per sound and no letter twice in a row.

    >>> folded("yandex") == folded("yandeks"), folded("alpha") == folded("alfa")
    (True, True)
    """
    for spelling, sound in _FOLDS:
        word = word.replace(spelling, sound)
    single = re.sub(r"([a-z])\1+", r"\1", word)
    return single.removesuffix("e") if len(single) > LONG else single


def company_words(name: str) -> list[str]:
    """The words that tell a company from others, folded; legal forms are left out unless nothing else is there.

    >>> company_words("ООО «Ромашка»") == company_words("Romashka Ltd.")
    True
    >>> company_words("АО")
    ['ao']
    """
    spelled = unicodedata.normalize("NFKC", name).casefold()
    dotted = re.sub(r"\b(\w)\.\s?(?=\w\b)", r"\1", spelled)
    words = [word for word in re.findall(r"\w+", dotted) if word not in LEGAL]
    kept = plain(" ".join(words)).split()
    kept = [word for word in kept if word not in EMPTY and word not in LEGAL]
    return [folded(word) for word in kept] or plain(name).split()


def person_words(name: str) -> list[str]:
    """The words of a person's name, folded and sorted, for family names stand first or last.

    >>> person_words("Сидоров Иван") == person_words("Ivan Sidorov")
    True
    """
    return sorted(folded(word) for word in plain(name).split())


def trigrams(words: Iterable[str]) -> frozenset[str]:
    """Pieces of three letters, with the edges of each word; a short word weighs as much as it is long.

    >>> sorted(trigrams(["acme"]))
    ['  a', ' ac', 'acm', 'cme', 'me ']
    """
    padded = (f"  {word} " for word in words)
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def likeness(one: Set[str], other: Set[str]) -> float:
    """How alike two sets of trigrams are: Dice, twice what is shared ÷ what there is, from 0 to 1.

    Source:
        L. R. Dice, "Measures of the Amount of Ecologic Association Between Species", Ecology 26 (1945), p. 298.

    >>> likeness(trigrams(["night"]), trigrams(["nacht"]))
    0.3333333333333333
    """
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def bands(grams: Set[str]) -> list[str]:
    """Keys of which two sets probably share one if they are alike, and hardly ever if not.

    Eight keys of two min-hashes: sets with a Jaccard index of .6 (Dice .75) meet in 97 of 100 cases, of .2 in 28.

    Source:
        A. Z. Broder, "On the resemblance and containment of documents", Compression and Complexity of Sequences
        (1997), p. 21; banding after J. Leskovec, A. Rajaraman, J. D. Ullman, Mining of Massive Datasets, ch. 3.4.2.

    >>> bands(frozenset())
    []
    """
    if not grams:
        return []
    hashed = [zlib.crc32(gram.encode()) for gram in grams]
    least = [min((a * x + b) % _PRIME for x in hashed) for a, b in _TURNS]
    return [
        f"{band}:{least[N_ROWS * band] ^ (least[N_ROWS * band + 1] * 31):x}"
        for band in range(N_BANDS)
    ]


def domain(text: str) -> str:
    """A web domain as it is compared, of an address or an e-mail; empty for the hosts of public mail.

    >>> domain("https://www.Acme.com/shop"), domain("ann@acme.com"), domain("ann@gmail.com")
    ('acme.com', 'acme.com', '')
    """
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().casefold()).rpartition("@")[2]
    host = re.split(r"[/?#:\s]", host)[0].strip(".").removeprefix("www.")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        return ""
    return host if "." in host and host not in PUBLIC_HOSTS else ""


def email(text: str) -> str:
    """An e-mail address as it is compared.

    >>> email(" Ann@ACME.com ")
    'ann@acme.com'
    """
    found = text.strip().casefold()
    return found if "@" in found else ""


def mailbox(text: str) -> str:
    """The address without what stands behind a plus, which many hosts deliver to the same mailbox.

    >>> mailbox("ann+fair@acme.com")
    'ann@acme.com'
    """
    name, _at, host = email(text).rpartition("@")
    return f"{name.partition('+')[0]}@{host}" if name else ""


def phone(text: str) -> str:
    """The last ten digits of a number: country and trunk prefixes (+7, 8, 0049, 0) fall away; empty for short ones.

    >>> phone("+7 (912) 345-67-89") == phone("8 912 3456789"), phone("112")
    (True, '')
    """
    digits = "".join(letter for letter in text if letter.isdecimal() and letter.isascii())
    digits = digits.lstrip("0")
    return digits[-10:] if len(digits) >= 7 else ""
