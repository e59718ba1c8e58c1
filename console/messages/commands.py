"""`shoal messages`: destinations checked and tried, messages listed and sent again."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from console.learn.opening import StoreOption, now_ms, opened
from streams.cli.console import err, out
from streams.cli.errors import UserError

if TYPE_CHECKING:
    from console.messages.channel import Channel
    from console.messages.destinations import Destination
    from console.messages.running import Messages

messages = typer.Typer(no_args_is_help=True, help="Messages about cases: webhooks, chat, mail, pagers.")
File = Annotated[str | None, typer.Option("--file", metavar="FILE", help="Instead of SHOAL_CONSOLE_MESSAGES.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a destination.")]


@messages.command()
def check(file: File = None) -> None:
    """Read the file of destinations and their secrets, and say what each gets. Sends nothing; exit code 2 if wrong."""
    for each in _loaded(file).destinations:
        parts = [each.kind, f"from {each.severity_min}", " and ".join(each.events), f"in {each.language}"]
        if each.digest is not None:
            parts.append(f"a digest each {each.digest.every}")
        if each.quiet is not None:
            parts.append(f"quiet from {each.quiet.begins} to {each.quiet.until} in {each.quiet.zone}")
        if each.urgent is not None:
            parts.append(f"{each.urgent} at once")
        out.print(f"{each.name}: {', '.join(parts)}", markup=False)


@messages.command("test")
def try_one(name: Name, file: File = None) -> None:
    """Send a test message to one destination now; exit code 3 if it was not taken."""
    running = _loaded(file)
    destination = running.named(name)
    if destination is None:
        raise UserError(f"no destination is named {name!r}")
    reason = asyncio.run(_try(running, destination, running.channels[name]))
    if reason is not None:
        err.print(f"{name} did not take it: {reason}", markup=False)
        raise typer.Exit(3)
    out.print(f"{name} took the message", markup=False)


@messages.command("list")
def list_(store: StoreOption = None) -> None:
    """Messages that wait and that were given up, with the reason."""
    from console.messages.listing import listed
    from detector.evidence.words import moment

    number = 0
    with opened(store) as engine:
        for state, word in (("waiting", "waits"), ("dead", "given up")):
            for each in listed(engine, state):
                number += 1
                what = f"{each.campaign or '–'} {each.event}, {each.attempts} attempts"
                reason = f": {each.reason}" if each.reason else ""
                at = moment(each.ended_at_ms or each.created_at_ms)
                out.print(f"{each.id}  {word}  {each.destination}  {at}  {what}{reason}", markup=False)
    if not number:
        err.print("No message waits, and none was given up.")


@messages.command()
def retry(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only of this destination.")] = None,
    store: StoreOption = None,
) -> None:
    """Let what was given up wait once more, and switch destinations on that were switched off or paused."""
    from console.messages import outbox, state

    with opened(store) as engine:
        for each in [name] if name is not None else state.states(engine):
            state.switch_on(engine, each)
        number = outbox.again(engine, now_ms(), name)
    out.print(f"{number:,} messages wait again; a running console sends them", markup=False)


@messages.command()
def secret() -> None:
    """Print a fresh secret for a webhook."""
    from console.messages.signature import new_secret

    out.print(new_secret(), markup=False)


async def _try(running: "Messages", destination: "Destination", channel: "Channel") -> str | None:
    """Return why the test message was not taken; None if it was."""
    import secrets

    from console.messages.channel import Message, Refused
    from console.messages.facts import trial_facts
    from console.messages.text import message_text

    facts = trial_facts(now_ms())
    text = message_text(facts, destination.language, running.links)
    try:
        await channel.tell(Message(f"msg_{secrets.token_hex(16)}", text, facts))
    except Refused as refused:
        return refused.reason
    finally:
        await channel.close()
    return None


def _loaded(file: str | None) -> "Messages":
    from console.messages.running import Messages
    from console.settings import load_console_settings

    settings = load_console_settings(messages=file)
    if settings.messages is None:
        raise UserError("which file? Give --file or set SHOAL_CONSOLE_MESSAGES")
    return Messages(settings.messages, settings.public_url)
