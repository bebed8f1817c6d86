"""Who listens to which workspace, and what each has not heard yet."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

#: The topic of every element: something may have been missed.
ALL = "all"
#: More changed topics than any page has columns are told as "all".
MOST_TOPICS = 50


class Subscription:
    """One open page: a set of topics that changed since it was told, however often.

    A set never grows beyond the topics there are, so a page that does not read costs nothing.
    """

    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._woken = asyncio.Event()
        self.is_over = False

    def add(self, topics: Iterable[str]) -> None:
        """Remember changed topics and wake whoever waits for them."""
        self._topics.update(topics)
        if len(self._topics) > MOST_TOPICS:
            self._topics = {ALL}
        self._woken.set()

    def end(self) -> None:
        """Wake whoever waits, for the last time."""
        self.is_over = True
        self._woken.set()

    async def changes(self, *, seconds: float) -> list[str]:
        """What changed, as soon as anything did; nothing after so many seconds, or at the end."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return []
        self._woken.clear()
        topics, self._topics = sorted(self._topics), set()
        return topics


class Hub:
    """All open pages of this process, by workspace. Lives in one event loop and needs no lock."""

    def __init__(self) -> None:
        self._open: defaultdict[int, set[Subscription]] = defaultdict(set)
        self._held: Counter[int] = Counter()

    def __len__(self) -> int:
        """How many pages listen."""
        return sum(map(len, self._open.values()))

    def n_of(self, account_id: int) -> int:
        """How many pages of one account listen."""
        return self._held[account_id]

    @contextmanager
    def subscribed(self, workspace_id: int, *, account_id: int) -> Iterator[Subscription]:
        """Listen to one workspace for as long as the block lasts."""
        subscription = Subscription()
        self._open[workspace_id].add(subscription)
        self._held[account_id] += 1
        try:
            yield subscription
        finally:
            self._open[workspace_id].discard(subscription)
            if not self._open[workspace_id]:
                del self._open[workspace_id]
            self._held[account_id] -= 1
            if not self._held[account_id]:
                del self._held[account_id]

    def tell(self, workspace_id: int, topics: Iterable[str]) -> None:
        """Tell the pages of one workspace that topics changed."""
        topics = list(topics)
        for subscription in self._open.get(workspace_id, ()):
            subscription.add(topics)

    def tell_all(self) -> None:
        """Tell every page that it may have missed something."""
        for subscription in self._every():
            subscription.add([ALL])

    def end(self) -> None:
        """End every subscription: the process stops."""
        for subscription in self._every():
            subscription.end()

    def _every(self) -> list[Subscription]:
        return [one for group in self._open.values() for one in group]
