"""Words drawn by chance: what attacks on lists of trends post around their tag."""

from random import Random

from evaluation.simulator.words import chinese, english

_POOLS = tuple(
    tuple(
        dict.fromkeys(
            word for name in sorted(language.TABLES) for entry in language.TABLES[name] for word in entry.split()
        )
    )
    for language in (chinese, english)
)


def random_words(random: Random, number: int) -> list[str]:
    """`number` different words of one language that make no sentence."""
    return random.sample(random.choice(_POOLS), number)
