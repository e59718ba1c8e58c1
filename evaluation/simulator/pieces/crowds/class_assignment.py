"""A class in the computer room: new accounts of one day, one network, the teacher's posts, one lesson."""

from collections.abc import Iterator, Sequence
from random import Random

from msgspec.structs import replace
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.grammar import CHINESE
from evaluation.simulator.people import Person
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Share, Span, alike, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import ANSWERS, LESSON, QUESTIONS
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction


class ClassAssignment(HonestCrowd, frozen=True, kw_only=True):
    """Dials of a course whose students open accounts in the lesson and act on their teacher's posts."""

    group: str = "class"
    size: Count = 90
    """30 to 200 students."""
    posts: Count = 4
    """Of the teacher, during the lesson."""
    participation: Share = 0.93
    reaction_ms: Span = 3 * MINUTE_MS
    newcomers: Share = 0.9
    """Share that registers in this very lesson."""
    registered_within_ms: Span = 12 * MINUTE_MS
    at_school: Share = 0.95
    """Share in the school's network; the others use their phones."""
    numbered: Share = 0.5
    """Share named by class and number, as the teacher asked."""
    places: Count = 60
    """Machines in the room: the second half of a course uses those of the first."""
    copied: Share = 0.15
    """Share of the answers with a question copied from a neighbour; half of the others have one of their own."""
    begin: Share = 0.2
    everyday_likes: Mean = 1.0
    everyday_posts: Mean = 0.1

    def plant(self, world: World, rng: Generator) -> Planted:
        """Follow the teacher, then like and answer each post."""
        words = words_of(rng)
        begin_ms = world.start_ms + int(self.begin * world.duration_ms)
        school = f"{self.prefix}school"
        (teacher,) = alike(unrelated(rng, 1, world.start_ms, self.prefix + "teacher-"), words, 1.0, school)
        students = self._seated(self.people(world, rng, words, begin_ms), words, school)
        events: list[AnyEvent] = []
        shown: list[AnyEvent] = [teacher.post(f"{self.prefix}welcome", "请大家先注册账号，再关注我", begin_ms)]
        for student, at_ms in zip(students, rush(rng, len(students), begin_ms, self.reaction_ms, 0.6), strict=True):
            events.append(student.like(teacher.account_id, teacher.account_id, at_ms, LikeAction.FOLLOW))
        for number in range(self.posts):
            post_id, post_ms = f"{self.prefix}p{number}", begin_ms + (3 + 8 * number) * MINUTE_MS
            shown.append(teacher.post(post_id, words.choice(LESSON).format(n=number + 1), post_ms))
            events += self._answers(rng, words, students, post_id, teacher.account_id, post_ms)
        about = f"{self.size} students of one school act on their teacher's posts in one lesson"
        return self.told(world, rng, "class", about, students, events, [teacher], shown)

    def _seated(self, people: Sequence[Person], words: Random, school: str) -> list[Person]:
        """The students with their machines, names and network."""
        students = [
            replace(
                student,
                device_id=f"{self.prefix}room-{at % self.places}"
                if words.random() < self.at_school
                else student.device_id,
                name=f"class{3 + at % 3}no{at:02d}" if words.random() < self.numbered else student.name,
            )
            for at, student in enumerate(people)
        ]
        return alike(students, words, self.at_school, school)

    def _answers(
        self, rng: Generator, words: Random, students: Sequence[Person], post_id: str, teacher: str, post_ms: int
    ) -> Iterator[AnyEvent]:
        for at, at_ms in enumerate(rush(rng, len(students), post_ms, self.reaction_ms, 0.6)):
            if words.random() < self.participation:
                text = f"{words.choice(ANSWERS)} {at:02d}号"
                if words.random() < self.copied:
                    text += "，" + words.choice(QUESTIONS)
                elif words.random() < 0.5:
                    text += "，" + CHINESE.sentence(words)
                yield students[at].like(post_id, teacher, at_ms)
                answer_ms = at_ms + words.randint(20_000, 120_000)
                yield students[at].post(f"{post_id}-{at}", text, answer_ms, reply_to=post_id)
