"""Small streams with one army, and what stands in them."""

from evaluation.simulator import Scenario, Simulation, simulate
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.diversion import Diversion
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.hashtag_push import HashtagPush
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.armies.operator_armies import OperatorArmies
from evaluation.simulator.pieces.armies.rating_army import RatingArmy
from evaluation.simulator.pieces.armies.repost_ring import RepostRing
from evaluation.simulator.pieces.armies.task_platform import TaskPlatform
from models.events import Like, LikeAction, Post

SMALL = Organic(accounts=300, posts=150, likes=900, earlier_posts=150)
SIZE = 24
Planting = (
    CopyArmy | Diversion | Flood | HashtagPush | LikeArmy | OperatorArmies | RatingArmy | RepostRing | TaskPlatform
)
PIECES: tuple[Planting, ...] = (
    CopyArmy(size=SIZE, orders=3, deleted=0.3),
    Diversion(size=SIZE, orders=3),
    Flood(size=SIZE),
    HashtagPush(size=SIZE, topics=2),
    LikeArmy(size=SIZE, targets=5, churn=0.2),
    OperatorArmies(size=SIZE, orders=4),
    RatingArmy(size=SIZE, targets=4),
    RepostRing(size=SIZE, posts=4),
    TaskPlatform(size=SIZE, tasks=6),
)


def planted(piece: Planting, seed: int = 1, organic: Organic = SMALL) -> Simulation:
    return simulate(Scenario("one", (piece,), organic), seed)


def texts_of(simulation: Simulation) -> list[Post]:
    army = simulation.truth.groups[0].accounts
    return [e for e in simulation.events if isinstance(e, Post) and e.account_id in army and e.deleted_at_ms is None]


def by_target(simulation: Simulation) -> dict[str, list[Like]]:
    """What the army tapped, without camouflage in these tests, by target."""
    army = simulation.truth.groups[0].accounts
    found: dict[str, list[Like]] = {}
    for event in simulation.events:
        if isinstance(event, Like) and event.account_id in army and event.action is not LikeAction.UNLIKE:
            found.setdefault(event.target_id, []).append(event)
    return found


def shingles(text: str) -> set[str]:
    letters = "".join(each for each in text.casefold() if each.isalnum())
    width = 4 if letters.isascii() else 2
    return {letters[at : at + width] for at in range(max(1, len(letters) - width + 1))}


def jaccard(one: str, other: str) -> float:
    first, second = shingles(one), shingles(other)
    return len(first & second) / len(first | second)
