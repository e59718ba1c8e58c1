"""Innocent explanations of gatherings and houses: each stands for its crowd, and falls for an army dressed like it."""

from collections.abc import Callable, Sequence

import pytest

from detector.activity import ActivitySketch
from detector.background import DAY_MS, Background
from detector.cohorts.cohort import Cohort
from detector.evidence.figures import Figures, figures_of
from detector.evidence.gatherings import appointment, newcomers, occasion, prize_draw, shared_list
from detector.evidence.houses import classroom, common_word, named_house
from detector.scoring import judge_campaign
from detector.settings import DetectorSettings
from models.actions import Layer
from models.alerts import Explanation, Outcome
from models.cohorts import CohortUpdate, Member
from models.events import Account

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
START_MS = 1_700_000_000_000
SETTINGS = DetectorSettings()


def cohort(
    number: int,
    offsets_ms: Sequence[int],
    layer: Layer = Layer.LIKE,
    author: str | None = "idol",
    published_ms: int | None = START_MS - MINUTE_MS,
    others: int = 0,
    device: Callable[[int], str] | None = None,
) -> Cohort:
    """Accounts a0, a1, … act at these offsets from the start; `others` act too and belong to no group."""
    members = [
        Member(f"a{n}", START_MS + at, f"{layer}-{number}-{n}", device=device(n) if device else None)
        for n, at in enumerate(offsets_ms)
    ]
    members += [Member(f"o{n}", START_MS + MINUTE_MS, f"{layer}-{number}-o{n}") for n in range(others)]
    update = CohortUpdate(
        number, int(layer), f"t{number}", HOUR_MS, START_MS, START_MS + HOUR_MS, True, len(members), 1.0, len(members),
        members, author, published_ms, ("a text",) if layer is Layer.FAMILY else (), 20, 0.0, 0,
    )  # fmt: skip
    return Cohort(number, update)


def figures(cohorts: Sequence[Cohort], background: Background | None = None) -> Figures:
    accounts = sorted({a for c in cohorts for a in c.members if a.startswith("a")})
    return figures_of(accounts, cohorts, ActivitySketch(DAY_MS), background or Background())


def knowing(*accounts: Account) -> Background:
    background = Background()
    for account in accounts:
        background.know(account)
    return background


def stands(found: Explanation | None) -> bool:
    assert found is not None
    return found.stands


MINUTES = [n * 20_000 for n in range(12)]


def test_an_appointment_has_one_cause_and_judges_nobody() -> None:
    late_ms = START_MS - 5 * HOUR_MS

    def acting(author: Callable[[int], str], *ways: Layer) -> Figures:
        return figures([cohort(n, MINUTES, ways[n % len(ways)], author(n), late_ms) for n in range(4)])

    cause = acting(lambda _: "idol", Layer.LIKE, Layer.REPOST)
    customers = acting(lambda n: f"shop{n}", Layer.LIKE, Layer.REPOST)
    reports = acting(lambda _: "idol", Layer.REPORT, Layer.LIKE)
    assert not stands(appointment(acting(lambda _: "idol", Layer.LIKE), SETTINGS))
    assert stands(appointment(acting(lambda n: f"office{n}", Layer.LIKE, Layer.REPOST, Layer.REPLY), SETTINGS))
    assert stands(appointment(cause, SETTINGS))
    assert not stands(appointment(customers, SETTINGS))
    assert not stands(appointment(reports, SETTINGS))
    assert appointment(figures([cohort(1, MINUTES)]), SETTINGS) is None


def test_an_occasion_is_one_moment() -> None:
    def published(step_ms: int, late_ms: int = 0) -> Figures:
        moments = (START_MS - late_ms - n * step_ms for n in range(4))
        return figures([cohort(n, MINUTES, author=f"page{n}", published_ms=at) for n, at in enumerate(moments)])

    assert stands(occasion(published(1_000), SETTINGS))
    assert not stands(occasion(published(20 * MINUTE_MS), SETTINGS))
    beside = [cohort(n, MINUTES, author=f"page{n}") for n in range(4)]
    older = cohort(9, MINUTES, author="somebody", published_ms=START_MS - HOUR_MS)
    assert stands(occasion(figures([*beside, older]), SETTINGS))
    assert not stands(occasion(figures([*beside[:3], older]), SETTINGS))
    assert not stands(occasion(published(1_000, late_ms=HOUR_MS), SETTINGS))


def test_a_list_is_clicked_account_by_account_and_orders_are_served_target_by_target() -> None:
    def follows(at: Callable[[int, int], int], targets: int = 12) -> Figures:
        return figures(
            [cohort(t, [at(a, t) for a in range(12)], Layer.FOLLOW, f"listed{t}", None) for t in range(targets)]
        )

    clicks = follows(lambda account, target: account * 3 * MINUTE_MS + target * 300)
    orders = follows(lambda account, target: account * 300 + target * 3 * MINUTE_MS)
    assert stands(shared_list(clicks, SETTINGS))
    assert not stands(shared_list(orders, SETTINGS))
    assert shared_list(follows(lambda account, _: account, targets=2), SETTINGS) is None


def test_who_wants_a_prize_does_all_that_is_asked() -> None:
    slow = [n * 4 * MINUTE_MS for n in range(12)]

    def draws(layers: Sequence[Layer], offsets_ms: Sequence[int] = slow, age_ms: int = MINUTE_MS) -> Figures:
        return figures(
            [
                cohort(10 * shop + layer, offsets_ms, layer, f"shop{shop}", START_MS - age_ms)
                for shop in range(5)
                for layer in layers
            ]
        )

    ways = (Layer.LIKE, Layer.REPOST, Layer.FOLLOW)
    assert stands(prize_draw(draws(ways), SETTINGS))
    assert not stands(prize_draw(draws((Layer.LIKE,)), SETTINGS))
    assert not stands(prize_draw(draws(ways, MINUTES), SETTINGS))
    assert not stands(prize_draw(draws(ways, age_ms=HOUR_MS), SETTINGS))


def test_newcomers_register_for_it_and_are_few_among_many() -> None:
    def registered(before_ms: int) -> Background:
        return knowing(*(Account(f"a{n}", START_MS - before_ms) for n in range(12)))

    among = [cohort(1, MINUTES, others=40), cohort(2, MINUTES, others=40)]
    assert stands(newcomers(figures(among, registered(HOUR_MS)), SETTINGS))
    assert not stands(newcomers(figures(among, registered(3 * DAY_MS)), SETTINGS))
    alone = [cohort(1, MINUTES), cohort(2, MINUTES)]
    assert not stands(newcomers(figures(alone, registered(HOUR_MS)), SETTINGS))
    assert newcomers(figures(alone), SETTINGS) is None


def stations(name: Callable[[int], str], elsewhere: Callable[[int], str]) -> Background:
    day_ms = START_MS - 400 * DAY_MS
    own = (Account(f"a{n}", day_ms + n, name(n), "relay", None, "office") for n in range(12))
    others = (Account(f"u{n}", day_ms + n * DAY_MS, elsewhere(n), "web", None, f"net{n}") for n in range(150))
    return knowing(*own, *others)


def test_a_house_says_its_name_and_speaks_only_for_itself() -> None:
    texts = [cohort(1, MINUTES, Layer.FAMILY, None, None)]
    named = stations(lambda n: f"青岭气象{n}", lambda n: f"小鱼{n}")
    assert stands(named_house(figures(texts, named), named))
    default = stations(lambda n: f"user{n}", lambda n: f"user{n}")
    assert not stands(named_house(figures(texts, default), default))
    hidden = stations(lambda n: f"{'abcdefghijkl'[n] * 6}{n}", lambda n: f"小鱼{n}")
    assert not stands(named_house(figures(texts, hidden), hidden) or Explanation("named_house", False, ""))
    assert named_house(figures([*texts, cohort(2, MINUTES)], named), named) is None


def test_the_rest_of_a_house_is_not_elsewhere() -> None:
    background = stations(lambda n: f"青岭气象{n}", lambda n: f"小鱼{n}")
    for n in range(100):
        background.know(Account(f"s{n}", START_MS - DAY_MS, f"南浦气象{n}", "relay", None, "office"))
    texts = [cohort(1, MINUTES, Layer.FAMILY, None, None)]
    assert stands(named_house(figures(texts, background), background))


@pytest.mark.parametrize(
    ("names", "word"),
    [(["云栖客服001", "云栖客服002"], "云栖客服"), (["ab1", "cd2"], ""), (["Westtrain1", "easttrain2"], "sttrain")],
)
def test_the_common_word_is_the_longest_of_the_commonest(names: list[str], word: str) -> None:
    assert common_word(names)[0] == word


def lesson(
    teacher_network: str = "school", age_ms: int = HOUR_MS, seats: int = 3, authors: Sequence[str] = ("teacher",)
) -> Figures:
    students = (Account(f"a{n}", START_MS - age_ms, None, None, f"d{n // seats}", "school") for n in range(12))
    teachers = (Account(author, START_MS - 900 * DAY_MS, None, None, None, teacher_network) for author in authors)
    posts = [cohort(n, MINUTES, author=authors[n % len(authors)]) for n in range(4)]
    return figures(posts, knowing(*students, *teachers))


def test_a_class_sits_in_its_teachers_network() -> None:
    assert stands(classroom(lesson()))
    assert not stands(classroom(lesson(teacher_network="elsewhere")))
    assert not stands(classroom(lesson(age_ms=20 * DAY_MS)))
    assert not stands(classroom(lesson(seats=6)))
    assert not stands(classroom(lesson(authors=("teacher", "shop"))))


def test_strong_evidence_outweighs_an_appointment() -> None:
    """What hired accounts are is not accounted for by the hour that they came."""
    late_ms = START_MS - 5 * HOUR_MS
    ways = (Layer.LIKE, Layer.REPOST)
    phones = [cohort(n, MINUTES, ways[n % 2], "idol", late_ms, 0, lambda n: f"phone{n % 3}") for n in range(4)]
    hired = (Account(f"a{n}", START_MS - 20 * DAY_MS + n, None, "api", f"phone{n % 3}", "hosting") for n in range(12))
    others = (Account(f"u{n}", START_MS - n * DAY_MS, None, "web", f"d{n}", f"net{n}") for n in range(2_000))
    background = knowing(*others, *hired)
    judged = judge_campaign(figures(phones, background), -40.0, 6, background, SETTINGS)
    assert {found.name for found in judged.explanations if found.stands} >= {"appointment"}
    assert judged.outcome is Outcome.INAUTHENTIC
