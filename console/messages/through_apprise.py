"""Mail, Teams and whatever else apprise has an address for.

apprise cannot edit what it sent: a case that was told gets a further message. Mails of one case name the same
made-up first mail in `In-Reply-To` and `References`, so readers show them as one thread.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from console.messages.channel import Message, Refused
from console.messages.facts import message_id
from console.messages.neutral import for_cards
from console.messages.text import Text

TOLD = "told"
SCHEMES = {"mail": ("mailto", "mailtos"), "teams": ("workflow", "workflows", "msteams")}
# apprise logs addresses of services, which are secrets
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


class AppriseChannel:
    """Satisfies `Channel`. apprise waits for the network in a thread of this channel, never in the console's."""

    def __init__(self, name: str, kind: str, url: str, timeout_s: int, private_allowed: bool) -> None:
        """Raises `ValueError` for an address that apprise cannot use."""
        self._name = name
        self._kind = kind
        self._url = url
        self._timeout_s = timeout_s
        plugin = self._plugin()
        if not plugin.verify_certificate and not private_allowed:
            raise ValueError("verify=no is for addresses of one's own network: private_allowed says that it is one")
        schemes = SCHEMES.get(kind)
        if schemes is not None and plugin.schema not in schemes:
            raise ValueError(f"no address of {kind} for apprise")
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=f"message-{name}")

    async def tell(self, message: Message) -> str:
        """Write a message."""
        headers = {"X-Shoal-Id": message.id}
        if message.facts is not None and message.facts.campaign:
            thread = f"<{message_id(self._name, message.facts.campaign, 'thread', 0)}@shoal.invalid>"
            headers |= {"In-Reply-To": thread, "References": thread}
        await self._send(message.text, headers)
        return TOLD

    async def close(self) -> None:
        """Wait for nothing: sockets have their own time limits."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _send(self, text: Text, headers: dict[str, str]) -> None:
        loop = asyncio.get_running_loop()
        waiting = loop.run_in_executor(self._threads, self._notify, text, headers)
        try:
            sent = await asyncio.wait_for(waiting, 2 * self._timeout_s + 1)
        except TimeoutError:
            raise Refused(f"no answer within {2 * self._timeout_s} s") from None
        if not sent:
            raise Refused("apprise could not send it")

    def _notify(self, text: Text, headers: dict[str, str]) -> bool:
        from apprise import NotifyFormat

        plugin = self._plugin()
        if self._kind == "mail":
            plugin.headers.update(headers)
        title, body = MAKE.get(self._kind, marked)(text)
        # Teams reads its markup in whatever it gets, and apprise would escape the dots of links
        wanted = NotifyFormat.MARKDOWN if self._kind == "teams" else NotifyFormat.TEXT
        return bool(plugin.notify(body=body, title=title, body_format=wanted))

    def _plugin(self) -> Any:
        from apprise import Apprise, AppriseAsset

        asset = AppriseAsset(app_id="Shoal", app_desc="Shoal", http_redirects=False, storage_mode="memory")
        # pictures that readers would load from elsewhere
        asset.image_url_mask = asset.image_url_logo = ""
        plugin: Any = Apprise.instantiate(self._url, asset=asset, suppress_exceptions=True)
        if plugin is None:
            raise ValueError("no address that apprise knows")
        # both times, so that no address can make them endless
        plugin.socket_connect_timeout = plugin.socket_read_timeout = float(self._timeout_s)
        return plugin


def plain(text: Text) -> tuple[str, str]:
    """Return title and body for mail, which shows them as they are."""
    return text.title, "\n".join(line.text + (f"\n{line.link}" if line.link else "") for line in text.lines)


def marked(text: Text) -> tuple[str, str]:
    """Return title and body for services that may read markup in plain text."""
    lines = [for_cards(line.text) + (f"\n{line.link}" if line.link else "") for line in text.lines]
    return for_cards(text.title), "\n".join(lines)


def card(text: Text) -> tuple[str, str]:
    """Return title and body for cards of Teams: paragraphs, and links behind words."""
    words = [(for_cards(line.text), line.link) for line in text.lines]
    return for_cards(text.title), "\n\n".join(f"[{text}]({link})" if link else text for text, link in words)


MAKE = {"mail": plain, "teams": card}
"""How each kind is written; every other one is `marked`."""
