"""What is one and what only looks like it: precision and recall on labelled pairs, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.analytics import duplicates, spelling
from penstock.analytics.duplicates import CompanyFacts, PersonFacts
from tests.analytics import duplicate_pairs as labelled

NAMES = st.text(alphabet="abcdefghklmnoprstuvАБВГДЕЖЗИКЛМН 12&-.", min_size=1, max_size=30)


def measured(found_same: list[bool], found_other: list[bool]) -> tuple[float, float]:
    """Precision and recall."""
    n_right, n_wrong = sum(found_same), sum(found_other)
    return n_right / (n_right + n_wrong), n_right / len(found_same)


def test_companies_are_found_as_well_as_the_documents_say() -> None:
    precision, recall = measured(
        [duplicates.companies(*pair).is_possible for pair in labelled.SAME_COMPANIES],
        [duplicates.companies(*pair).is_possible for pair in labelled.OTHER_COMPANIES],
    )

    assert (round(precision, 2), round(recall, 2)) == (0.97, 0.9)


def test_people_are_found_as_well_as_the_documents_say() -> None:
    precision, recall = measured(
        [duplicates.people(*pair).is_possible for pair in labelled.SAME_PEOPLE],
        [duplicates.people(*pair).is_possible for pair in labelled.OTHER_PEOPLE],
    )

    assert (round(precision, 2), round(recall, 2)) == (1.0, 1.0)


def test_alike_companies_share_a_band() -> None:
    """Pairs that are shown by their names alone meet in the index from which the page is made."""
    alike = [
        [spelling.trigrams(spelling.company_words(one.name)) for one in pair]
        for pair in labelled.SAME_COMPANIES
        if duplicates.companies(CompanyFacts(pair[0].name), CompanyFacts(pair[1].name)).is_possible
    ]
    met = [bool({*spelling.bands(one)} & {*spelling.bands(other)}) for one, other in alike]

    assert sum(met) / len(met) > 0.9


@given(NAMES, NAMES)
def test_score_is_the_same_both_ways_and_between_0_and_1(one: str, other: str) -> None:
    there = duplicates.companies(CompanyFacts(one), CompanyFacts(other)).score
    back = duplicates.companies(CompanyFacts(other), CompanyFacts(one)).score

    assert there == back
    assert 0 <= there <= 1


@given(NAMES)
def test_name_is_like_itself_in_any_case_and_legal_form(name: str) -> None:
    match = duplicates.companies(CompanyFacts(name), CompanyFacts(f"ООО «{name.upper()}»"))

    assert not spelling.plain(name).split() or match.score >= 0.85 or not match.reasons


@given(NAMES, NAMES)
def test_likeness_is_1_only_for_equal_sets(one: str, other: str) -> None:
    a, b = spelling.trigrams(one.split()), spelling.trigrams(other.split())

    assert (spelling.likeness(a, b) == 1) == (a == b and bool(a))


@pytest.mark.parametrize(
    ("one", "other"),
    [("8 (912) 345-67-89", "+79123456789"), ("0049 30 1234567", "+49 30 1234567")],
)
def test_phone_is_the_same_with_any_prefix(one: str, other: str) -> None:
    assert spelling.phone(one) == spelling.phone(other) != ""


def test_hosts_of_public_mail_tell_nothing() -> None:
    match = duplicates.companies(
        CompanyFacts("Ann", "ann@mail.ru"), CompanyFacts("Bob", "bob@mail.ru")
    )

    assert match.score == 0


def test_reasons_are_codes_with_the_likeness_of_names() -> None:
    match = duplicates.people(
        PersonFacts("Ann Smith", "ann@acme.com"), PersonFacts("Anne Smith", "ann@acme.com")
    )

    assert [(one.code, one.likeness) for one in match.reasons] == [
        ("like_name", 0.82),
        ("same_email", None),
    ]
