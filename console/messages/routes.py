"""The page of messages: destinations, what waits, what was given up; nothing on it sends by itself."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from console.messages import outbox, state
from console.messages.destinations import Destination
from console.messages.listing import LIST_MAX, listed
from console.messages.put import put_trial
from console.messages.running import Messages
from console.messages.state import State
from console.web.deps import Permission, clock, database, needs, render

router = APIRouter()
Name = Annotated[str, Form(max_length=24)]
PAGE = "/messages"


class Shown(NamedTuple):
    """A destination of the file, or one that left it while something of it is there."""

    state: State
    settings: Destination | None
    paused: bool


@router.get(PAGE, dependencies=[Depends(needs(Permission.SEE_MESSAGES))])
def page(request: Request) -> Response:
    """Destinations and their messages."""
    engine, now_ms = database(request), clock(request)
    known, running = state.states(engine), _running(request)
    names = [each.name for each in running.destinations]
    left = [name for name in sorted(known) if name not in names and (known[name].waiting or known[name].dead_now)]
    shown = []
    for name in names + left:
        settings = running.named(name)
        found = known.get(name) or State(name, settings.kind if settings else "")
        shown.append(Shown(found, settings, found.paused_until_ms > now_ms))
    return render(
        request,
        "messages/page.html",
        shown=shown,
        waiting=listed(engine, "waiting"),
        dead=listed(engine, "dead"),
        list_max=LIST_MAX,
        linked=bool(running.links.queue()),
    )


@router.post(f"{PAGE}/again", dependencies=[Depends(needs(Permission.MANAGE_MESSAGES))])
def again(request: Request, destination: Name = "", identifier: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Try dead messages once more: one, or all of a destination."""
    if not destination and not identifier:
        raise HTTPException(422)
    outbox.again(database(request), clock(request), destination or None, identifier or None)
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/on", dependencies=[Depends(needs(Permission.MANAGE_MESSAGES))])
def on(request: Request, destination: Name) -> Response:
    """Send to a destination again that was switched off or paused."""
    state.switch_on(database(request), destination)
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/test", dependencies=[Depends(needs(Permission.MANAGE_MESSAGES))])
def trial(request: Request, destination: Name) -> Response:
    """Put a test message into the outbox; it goes the way of all others."""
    found = _running(request).named(destination)
    if found is None:
        raise HTTPException(404)
    put_trial(database(request), found, clock(request))
    return RedirectResponse(PAGE, 303)


def _running(request: Request) -> Messages:
    running: Messages = request.app.state.messages
    return running
