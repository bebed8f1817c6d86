"""Every act that is written down has words on the page that shows it."""

from __future__ import annotations

import re

from penstock.web.pages.settings import ACTIONS
from tests.house.sources import SOURCE, modules

RECORDED = re.compile(r"""(?:action=|_record\(\s*)"([a-z_]+\.[a-z_]+)\"""")


def test_every_act_in_the_audit_has_words() -> None:
    recorded = {
        action
        for path in modules(SOURCE)
        for action in RECORDED.findall(path.read_text(encoding="utf-8"))
    }

    assert recorded == set(ACTIONS)
