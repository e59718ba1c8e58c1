"""The layout against networkx, whose steps it takes; and the ties that are drawn against a count by hand."""

import re
from collections import Counter
from itertools import combinations
from random import Random

import networkx as nx
import numpy as np
import pytest
from msgspec.structs import replace

from console.cases.graph import GROUP_MAX, NODES_MAX, TIES_EACH, graph
from console.cases.layout import layout
from tests.unit.console.cases.test_pictures import case, parsed


@pytest.mark.parametrize(("nodes", "ties"), [(2, 1), (12, 30), (60, 0), (120, 400)])
def test_places_are_those_of_networkx(nodes: int, ties: int) -> None:
    rnd = np.random.default_rng(nodes)
    pairs = sorted({tuple(sorted(rnd.choice(nodes, 2, replace=False).tolist())) for _ in range(ties)})
    weights = rnd.integers(1, 9, len(pairs)).astype(float)
    start = rnd.random((nodes, 2))
    expected: nx.Graph[int] = nx.Graph()
    expected.add_nodes_from(range(nodes))
    expected.add_weighted_edges_from((a, b, weight) for (a, b), weight in zip(pairs, weights, strict=True))
    places = nx.spring_layout(
        expected, pos=dict(enumerate(start)), iterations=25, threshold=0.0, scale=None, center=None, method="force",
        k=1 / np.sqrt(nodes),
    )  # fmt: skip
    found = layout(np.array(pairs, dtype=int).reshape(-1, 2), weights, start, 25)
    np.testing.assert_allclose(found, np.array([places[at] for at in range(nodes)]), atol=1e-7)


def test_gravity_keeps_parts_without_a_tie_near() -> None:
    start = np.random.default_rng(1).random((40, 2))
    ends = np.array([(a, b) for part in (range(20), range(20, 40)) for a, b in combinations(part, 2)])
    loose, near = (layout(ends, np.ones(len(ends)), start, 60, gravity) for gravity in (0.0, 2.0))
    between = [np.linalg.norm(each[:20].mean(axis=0) - each[20:].mean(axis=0)) for each in (loose, near)]
    assert between[1] < between[0]
    assert between[1] > np.ptp(near[:20], axis=0).max() / 2  # and still two parts


def test_nothing_moves_where_nobody_is() -> None:
    assert layout(np.empty((0, 2), dtype=int), np.empty(0), np.empty((0, 2)), 5).shape == (0, 2)
    alone = np.array([[0.3, 0.4]])
    assert (layout(np.empty((0, 2), dtype=int), np.empty(0), alone, 5) == alone).all()


@pytest.mark.parametrize("seed", range(3))
def test_each_account_keeps_its_strongest_ties_and_the_words_count_them_all(seed: int) -> None:
    rnd = Random(seed)
    alert = case(30, 9)
    alert = replace(alert, links=[link for link in alert.links if rnd.random() < 0.4])
    ties: Counter[tuple[int, int]] = Counter()
    for at in range(9):
        ties.update(combinations(sorted({account for account, target, _ in alert.links if target == at}), 2))
    picture = graph(alert)
    lines = drawn(picture.svg)
    assert f"of {len(ties):,} ties the strongest {len(lines):,}" in picture.words
    of_account: dict[int, list[int]] = {}
    for pair, weight in ties.items():
        for end in pair:
            of_account.setdefault(end, []).append(weight)
    kept: dict[int, list[int]] = {}
    for pair in lines:
        for end in pair:
            kept.setdefault(end, []).append(ties[pair])
    for account, weights in of_account.items():
        best = sorted(weights, reverse=True)[:TIES_EACH]
        assert sorted(kept[account], reverse=True)[: len(best)] == best


def drawn(svg: object) -> set[tuple[int, int]]:
    """Pairs of accounts between which a line is drawn, by the numbers in their names."""
    root = parsed(svg)  # type: ignore[arg-type]  # a picture
    at = {
        (each.get("cx"), each.get("cy")): int((each[0].text or "").removeprefix("acc"))
        for each in root.iter()
        if each.get("class") == "node"
    }
    lines = set()
    for path in root.iter():
        if path.get("class") == "edge":
            for x1, y1, x2, y2 in re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", path.get("d") or ""):
                one, other = sorted((at[x1, y1], at[x2, y2]))
                lines.add((one, other))
    return lines


def test_of_many_accounts_the_most_tied_are_drawn() -> None:
    links = [(account, 0, account) for account in range(350)] + [(account, 1, account) for account in range(50, 350)]
    picture = graph(replace(case(350, 2), links=links))
    nodes = [each for each in parsed(picture.svg).iter() if each.get("class") == "node"]
    assert {each[0].text for each in nodes} == {f"acc{account}" for account in range(50, 350)}
    assert len(nodes) == NODES_MAX
    assert "300 of 350 accounts" in picture.words


def test_of_one_target_the_first_to_come_are_tied() -> None:
    picture = graph(
        replace(case(GROUP_MAX + 50, 1), links=[(account, 0, account) for account in range(GROUP_MAX + 50)])
    )
    assert f"of {GROUP_MAX * (GROUP_MAX - 1) // 2:,} ties" in picture.words
