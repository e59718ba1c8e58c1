from detector.campaigns.identity import Identities


def names(*numbers: int) -> list[str]:
    return [f"a{number}" for number in numbers]


def test_a_campaign_keeps_its_name_while_its_members_change() -> None:
    identities = Identities(0.5)
    (first,) = identities.match([names(*range(20))], ["one"])
    (second,) = identities.match([names(*range(5, 28))], ["two"])
    assert (first.campaign, first.is_new) == ("one", True)
    assert (second.campaign, second.is_new) == ("one", False)


def test_a_split_is_recorded_and_the_larger_part_keeps_the_name() -> None:
    identities = Identities(0.5)
    identities.match([names(*range(20))], ["one"])
    large, small = identities.match([names(*range(12)), names(*range(12, 20))], ["x", "y"])
    assert (large.campaign, large.split_from) == ("one", None)
    assert (small.campaign, small.is_new, small.split_from) == ("y", True, "one")


def test_a_merge_is_recorded_and_the_larger_name_stays() -> None:
    identities = Identities(0.5)
    identities.match([names(*range(20)), names(*range(100, 112))], ["one", "two"])
    (merged,) = identities.match([names(*range(20), *range(100, 112))], ["x"])
    assert (merged.campaign, merged.merged_from) == ("one", ("two",))
    assert len(identities) == 1


def test_strangers_are_a_new_campaign() -> None:
    identities = Identities(0.5)
    identities.match([names(*range(20))], ["one"])
    (other,) = identities.match([names(*range(50, 70))], ["two"])
    assert (other.campaign, other.is_new) == ("two", True)


def test_a_forgotten_campaign_is_not_matched() -> None:
    identities = Identities(0.5)
    identities.match([names(*range(20))], ["one"])
    identities.forget("one")
    (again,) = identities.match([names(*range(20))], ["two"])
    assert again.campaign == "two"


def test_two_groups_never_take_one_name() -> None:
    identities = Identities(0.5)
    first, second = identities.match([names(*range(10)), names(*range(20, 30))], ["same", "same"])
    assert (first.campaign, second.campaign) == ("same", "same-2")


def test_state_survives_a_snapshot() -> None:
    identities, other = Identities(0.5), Identities(0.5)
    identities.match([names(*range(20))], ["one"])
    other.restore(identities.snapshot())
    (match,) = other.match([names(*range(18))], ["two"])
    assert match.campaign == "one"
    assert other.holds(names(*range(10)))
    assert not other.holds(names(*range(15, 40)))
