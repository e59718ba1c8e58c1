"""From what the monitor holds to verdicts that are worth telling."""

from collections.abc import Sequence
from datetime import UTC, datetime

from detector import __version__
from detector.trends.corrected import Seen, own_list, shares_of
from detector.trends.counters import MINUTE_MS
from detector.trends.judging import FEW, Look, look_at, outcome_of
from detector.trends.rates import HOUR_MS
from detector.trends.settings import TrendSettings
from detector.trends.topic import Topic
from detector.trends.wording import headline, reasons
from models.trends import ACTIVITY_LIST, ListLine, Place, TrendOutcome, TrendReason, TrendVerdict

BURST_REPEAT = 5
QUIET_REPEAT = 60
"""A topic that is not in question is told again so many times as seldom, while it bursts and otherwise."""


class Teller:
    """Judges topics and says what is new."""

    def __init__(self, settings: TrendSettings, configuration: str) -> None:
        self.settings = settings
        self._configuration = configuration

    def tell(self, topics: Sequence[Topic], seen: Seen, at_ms: int) -> list[TrendVerdict]:
        """Judge all of them, then place them: a place depends on what is said of the others."""
        judged = [(topic, *self.judge(topic, seen, at_ms)) for topic in topics]
        own = {line.key: line for line in own_list(seen, self.settings)}
        without = seen.lists.without(shares_of(seen))
        told = []
        for topic, look, outcome, burst_ms in judged:
            places = seen.lists.places(topic.key, without)
            if topic.key in own:
                places.append(_place(own[topic.key]))
            rising_ms = seen.lists.rising_ms(topic.key)
            if burst_ms is None and rising_ms is None and not places:
                continue
            distinct = seen.counters.distinct(topic.slot)
            shown = _shown(places, topic.share)
            word = outcome.value if look.figures else FEW + outcome.value
            if self._is_news(topic, word, shown, at_ms, bursts=burst_ms is not None):
                topic.word, topic.told, topic.told_ms = word, shown, at_ms
                told.append(self._verdict(topic, look, outcome, places, burst_ms, rising_ms, distinct, seen, at_ms))
        return told

    def judge(self, topic: Topic, seen: Seen, at_ms: int) -> tuple[Look, TrendOutcome, int | None]:
        """(the accounts as they look, the word, begin of the burst) of one topic; the topic remembers that."""
        onset_ms = self.settings.onset_ms
        burst_ms = seen.rates.burst_ms(topic.slot)
        begin_ms, end_ms = self.window(burst_ms, at_ms)
        if (burst_ms or 0) != topic.burst_ms:
            topic.burst_ms, topic.onset_called = burst_ms or 0, False
        look = look_at(topic.between(begin_ms, end_ms), seen.usual, self.settings, bursts=burst_ms is not None)
        later = None
        if burst_ms is not None and at_ms >= burst_ms + 2 * onset_ms:
            later = look_at(topic.between(at_ms - onset_ms, at_ms), seen.usual, self.settings)
        paid = any(line.paid for _, _, line in seen.lists.lines_of(topic.key))
        held = at_ms - topic.called_ms <= self.settings.hold_ms
        outcome = outcome_of(look, later, was_called=topic.onset_called, held=held, paid=paid)
        joined = at_ms - topic.joined_ms < HOUR_MS and topic.burst_ms < topic.joined_ms
        if outcome is TrendOutcome.MANUFACTURED and joined:
            # the same crowd a moment later: a word that goes to and fro is of no use
            outcome = TrendOutcome.MIXED
        if outcome is TrendOutcome.MANUFACTURED:
            topic.onset_called, topic.called_ms = True, at_ms
        elif outcome is TrendOutcome.MIXED and topic.onset_called:
            topic.joined_ms = at_ms
        elif not look.called:
            topic.onset_called = False
        topic.share = _share(look, outcome)
        topic.changed, topic.judged_ms = False, at_ms
        return look, outcome, burst_ms

    def window(self, burst_ms: int | None, at_ms: int) -> tuple[int, int]:
        """Who is judged: those who came in the first minutes of a burst; without one, those of the last hour."""
        return (at_ms - HOUR_MS, at_ms + 1) if burst_ms is None else (burst_ms, burst_ms + self.settings.onset_ms)

    def _is_news(self, topic: Topic, word: str, shown: tuple[int, ...], at_ms: int, *, bursts: bool) -> bool:
        if word != topic.word:
            return True
        in_question = word.removeprefix(FEW) in {TrendOutcome.MANUFACTURED, TrendOutcome.MIXED}
        repeats = 1 if in_question else BURST_REPEAT if bursts else QUIET_REPEAT
        pause_ms = self.settings.repeat_ms * repeats
        return shown != topic.told and at_ms - topic.told_ms >= pause_ms

    def _verdict(
        self, topic: Topic, look: Look, outcome: TrendOutcome, places: list[Place], burst_ms: int | None,
        rising_ms: int | None, distinct: int, seen: Seen, at_ms: int,
    ) -> TrendVerdict:  # fmt: skip
        accounts = len(topic.between(*self.window(burst_ms, at_ms))) << topic.shift
        said = [] if look.called or topic.called_ms < 0 else [_was_called(topic)]
        said += reasons(look.parts)
        since_ms = burst_ms if burst_ms is not None else rising_ms
        said += self._of_places(places)
        said += self._of_bursts(topic, seen, burst_ms, rising_ms, at_ms)
        why = _why(outcome, said, places, accounts, self.settings)
        return TrendVerdict(
            topic.name, topic.key, at_ms, at_ms, outcome, headline(outcome, topic.name, accounts, places, why),
            look.score, look.score_min, said, places, accounts, round(topic.share * accounts), distinct, since_ms,
            look.known, look.accuracy, look.figures, seen.counters.series(topic.slot), __version__,
            self._configuration,
        )  # fmt: skip

    def _of_places(self, places: Sequence[Place]) -> list[TrendReason]:
        """Places that the accounts in question gained it: what a platform would lose by leaving it as it is."""
        found = []
        for place in places:
            if place.rank is None or place.paid or not place.gained(self.settings.rank_log2_min):
                continue
            there = "off it" if place.rank_without is None else f"at place {place.rank_without}"
            said = (
                f"It is at place {place.rank} of «{place.list}»; without the accounts in question it would be {there}."
            )
            found.append(TrendReason("place", said, float(place.rank_without or 0), 0.0))
        return found

    def _of_bursts(
        self, topic: Topic, seen: Seen, burst_ms: int | None, rising_ms: int | None, at_ms: int
    ) -> list[TrendReason]:
        """That it bursts is no reason for or against: it says why one looks."""
        found = []
        if burst_ms is not None:
            usual = seen.rates.usual_a_minute(topic.slot)
            said = f"Accounts have come over {self.settings.rise:g} times as fast as usual ({usual:.1f} a minute)"
            said += f" for {max(1, (at_ms - burst_ms) // MINUTE_MS)} min."
            found.append(TrendReason("burst", said, seen.rates.sum_of(topic.slot), 0.0))
        if rising_ms is not None:
            lines = [line for _, _, line in seen.lists.lines_of(topic.key)]
            said = "Its volume rises faster than places of this list do. A list tells who rises, not who pushes."
            found.append(TrendReason("list_rise", said, max(line.sum for line in lines), 0.0))
        return found


def _was_called(topic: Topic) -> TrendReason:
    moment = datetime.fromtimestamp(topic.called_ms / 1000, UTC).strftime("%H:%M")
    said = f"It looked bought until {moment} (UTC); who came later came to a bought place."
    return TrendReason("was_called", said, float(topic.called_ms), 0.0)


def _place(line: ListLine) -> Place:
    return Place(ACTIVITY_LIST, line.rank, line.rank_without, line.volume, line.volume_without)


def _share(look: Look, outcome: TrendOutcome) -> float:
    """What is taken out of the topic's volume for its place without the accounts in question."""
    called = outcome in {TrendOutcome.MANUFACTURED, TrendOutcome.MIXED}
    return max(look.marked if called else look.named, look.excess if look.called else 0.0)


def _shown(places: Sequence[Place], share: float) -> tuple[int, ...]:
    ranks = [rank or 0 for place in places for rank in (place.rank, place.rank_without)]
    return (*ranks, int(20 * share))


def _why(
    outcome: TrendOutcome, said: Sequence[TrendReason], places: Sequence[Place], accounts: int,
    settings: TrendSettings,
) -> str:  # fmt: skip
    """The shortest reason for a headline."""
    if any(place.paid for place in places):
        return "a place that the platform sells openly is not judged"
    if outcome is TrendOutcome.TOO_LITTLE_DATA:
        if accounts < settings.accounts_min:
            return f"fewer than {settings.accounts_min} accounts were seen to act on it"
        return "nothing is known of its accounts but that they acted"
    for reason in said:
        if reason.name == "was_called":
            return reason.sentence.rstrip(".").replace("It ", "it ", 1)
        if (reason.weight > 0) == (outcome is not TrendOutcome.ORGANIC) and reason.weight:
            return reason.sentence.rstrip(".").replace("The ", "the ", 1)
    return ""
