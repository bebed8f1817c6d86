"""A template can show its data, and nothing else of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.base import typesetting
from penstock.base.typesetting import TypesettingFailed, compile_pdf


def _set(source: str, **data: object) -> bytes:
    return compile_pdf(source, data=data, files={}, at=1_700_000_000)


def test_same_input_gives_the_same_bytes() -> None:
    source = '#let d = json("data.json")\n= #d.title'

    assert _set(source, title="Колесо ₽") == _set(source, title="Колесо ₽")


def test_data_is_never_read_as_an_instruction() -> None:
    hostile = '#panic("oops") $x$ *a* #read("/etc/passwd") \\ "quoted" @preview ]'

    assert _set('#let d = json("data.json")\n#d.title', title=hostile).startswith(b"%PDF")


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../etc/passwd")',
        '#image("/tmp/logo.png")',
        '#import "@preview/cetz:0.3.0"',
        '#import ("@pre" + "view/cetz:0.3.0")',
        "#let x = range(400000000)",
        '#panic("no")',
        "= Open #",
    ],
)
def test_template_that_wants_more_is_refused(source: str) -> None:
    with pytest.raises(TypesettingFailed):
        _set(source)


def test_file_beside_is_not_read_even_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")

    with pytest.raises(TypesettingFailed):
        _set(f'#read("{tmp_path}/secret.txt")')


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "LONGEST_SECONDS", 1)

    with pytest.raises(TypesettingFailed, match="it takes too"):
        _set(
            "#for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = a * b * c } } }"
        )
