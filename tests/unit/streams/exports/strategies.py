"""Cases with the texts that strangers write: control characters, formulas, markup, broken directions."""

from hypothesis import strategies as st
from msgspec.structs import replace

from models.alerts import OWN, AccountFacts, Alert, FamilySummary, Outcome, Proof, TargetSummary
from models.example_answers import ALERT

NASTY = st.sampled_from(
    [
        "=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "\x00", "\x1b[31m", "\ufffe",
        "\uffff", "\\u0000", "]]>", "<a b='c'>&amp;", '"', "a,b", "a\r\nb", " x ", "\u202eevil", "'", "\\",
        "😀", "今天",
    ]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=12), NASTY, st.tuples(NASTY, st.text(max_size=4)).map("".join))
ID = TEXT.filter(bool)
LAYERS = ("like", "repost", "url", "family", "follow", "report")
TIMES = st.integers(0, 4_000_000_000_000)


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    """Any case that a store may hold."""
    accounts = draw(st.lists(ID, max_size=6, unique=True))
    names = draw(st.lists(st.tuples(st.sampled_from(LAYERS), ID), max_size=4, unique=True))
    targets = [TargetSummary(layer, name, 2, 3, 0, 1, draw(st.one_of(st.none(), ID))) for layer, name in names]
    ends = st.tuples(st.integers(0, max(0, len(accounts) - 1)), st.integers(0, max(0, len(targets) - 1)), TIMES)
    links = draw(st.lists(ends, max_size=12)) if accounts and targets else []
    texts = draw(st.lists(TEXT, min_size=1, max_size=3))
    shared = draw(st.lists(ID, max_size=2))
    place = st.one_of(st.none(), st.just(OWN), *([st.integers(0, len(shared) - 1)] if shared else []))
    facts = [
        AccountFacts(draw(st.one_of(st.none(), TIMES)), 1, draw(place), draw(place), draw(place)) for _ in accounts
    ]
    return replace(
        ALERT, headline=draw(TEXT), accounts=accounts, accounts_total=len(accounts), targets=targets,
        targets_total=len(targets), families=[FamilySummary(draw(ID), 3, 0.9, tuple(texts))],
        links=sorted(links, key=lambda link: link[2]), outcome=draw(st.sampled_from(Outcome)), shared=shared,
        facts=draw(st.sampled_from([facts, []])),
        proof=[Proof(draw(ID), account, "like", "t", 1) for account in accounts[:2]],
    )  # fmt: skip
