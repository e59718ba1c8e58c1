"""What a test of messages does: cases come, people decide, time passes, destinations are sent to."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from sqlalchemy import Engine, select

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.read import status_of
from console.messages.collect import collect
from console.messages.running import Messages
from console.messages.sender import Sender
from console.messages.tables import message_outbox
from models.alerts import Alert
from streams.store.engine import reading
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS
from tests.unit.console.messages.services import Service, with_service

PUBLIC_URL = "https://shoal.example"
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # of these tests only


class Clock:
    """Epoch ms, moved by hand."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms

    def pass_s(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)


class World:
    """A console's database, and the destinations of one file."""

    def __init__(self, engine: Engine, clock: Clock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = engine
        self.clock = clock
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._messages: Messages | None = None
        self._senders: dict[int, Sender] = {}

    def secret(self, name: str, value: str) -> dict[str, str]:
        self._monkeypatch.setenv(name, value)
        return {"env": name}

    def destinations(self, *found: dict[str, Any], public_url: str | None = PUBLIC_URL) -> Messages:
        """Write a file of destinations and read it; all of them are on this machine."""
        path = self.folder / "messages.toml"
        entries = [{"private_allowed": True, **each} for each in found]
        path.write_text(tomli_w.dumps({"destinations": entries}), encoding="utf-8")
        self._senders.clear()
        self._messages = Messages(str(path), public_url, self.clock)
        return self._messages

    def webhook(self, url: str, **more: Any) -> dict[str, Any]:
        secret = self.secret("SHOAL_TEST_WEBHOOK", SECRET)
        return {"name": "hook", "kind": "webhook", "url": f"{url}/hook", "secrets": [secret], **more}

    def discord(self, url: str, **more: Any) -> dict[str, Any]:
        place = self.secret("SHOAL_TEST_DISCORD", f"{url}/api/webhooks/1/token")
        return {"name": "discord", "kind": "discord", "url": place, **more}

    def come(self, *alerts: Alert) -> None:
        """Cases come from the worker."""
        SqlStore(self.engine).put(list(alerts))

    def decide(self, campaign: str, action: Action, by: str = "ann", reason: str = "") -> None:
        """Somebody decides."""
        alert = SqlStore(self.engine).get(campaign)
        assert alert is not None
        seen = status_of(self.engine, campaign).last_number
        undoes = None
        order = Order(campaign, action, by, alert.revision, seen, reason, undoes=undoes)
        decide(self.engine, order, self.clock())

    def look(self) -> int:
        """Put what is new into the outbox."""
        assert self._messages is not None
        return collect(self.engine, self._messages.destinations, self.clock())

    def run(self, work: Callable[[Service], Coroutine[Any, Any, Any]]) -> None:
        """Run `work` beside a service, and let go of connections at the end."""

        async def live(service: Service) -> None:
            try:
                await work(service)
            finally:
                for channel in self._messages.channels.values() if self._messages else ():
                    await channel.close()

        with_service(live)

    def sender(self, at: int = 0) -> Sender:
        """The sender of this console."""
        if at not in self._senders:
            self._senders[at] = self.another_sender(at)
        return self._senders[at]

    def another_sender(self, at: int = 0, jitter: float = 0.5) -> Sender:
        """The sender of another console."""
        assert self._messages is not None
        destination = self._messages.destinations[at]
        channel = self._messages.channels[destination.name]
        return Sender(self.engine, destination, channel, self._messages.links, self.clock, lambda: jitter)

    async def send(self, at: int = 0) -> int:
        """Look, and send what is due; returns how many attempts that took."""
        self.look()
        sender, tried = self.sender(at), 0
        while await sender.once():
            tried += 1
        return tried

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        """The outbox, in order."""
        query = select(*(message_outbox.c[name] for name in columns)).order_by(message_outbox.c.position)
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(query)]
