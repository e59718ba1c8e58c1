"""The account graph of a case with the times of its edges, as GraphML and GEXF."""

import re
from io import BytesIO
from typing import Any, Final

import networkx as nx

from models.alerts import Alert
from streams.exports.rows import iso

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write (section 2.2)."""
_LOOKS_ESCAPED: Final = re.compile(r"\\u[0-9a-f]{4}")


def graph_of(alert: Alert) -> "nx.Graph[str]":
    """Return the bipartite graph of a case: accounts and targets, tied where an account acted on a target.

    Node ids are `account:<id>` and `target:<layer>:<id>`, so that an account and a target of one id stay apart.
    Edges carry `first_ms`, `last_ms`, `count` and all `times_ms` (epoch ms, with spaces); as many actions as
    `alert.links` holds. Texts are as `clean` makes them.
    """
    graph: nx.Graph[str] = nx.Graph(
        name=clean(alert.campaign), revision=alert.revision, outcome=alert.outcome.value, headline=clean(alert.headline)
    )
    people = [clean(f"account:{account}") for account in alert.accounts]
    for name, account in zip(people, alert.accounts, strict=True):
        graph.add_node(name, kind="account", label=clean(account))
    targets = [clean(f"target:{target.layer}:{target.target}") for target in alert.targets]
    for name, target in zip(targets, alert.targets, strict=True):
        graph.add_node(
            name, kind=clean(target.layer), label=clean(target.target), author=clean(target.author or ""),
            accounts=target.accounts_in_window, members=target.members,
        )  # fmt: skip
    times: dict[tuple[str, str], list[int]] = {}
    for account_at, target_at, time_ms in alert.links:
        times.setdefault((people[account_at], targets[target_at]), []).append(time_ms)
    for (account, name), found in times.items():
        _tie(graph, account, name, sorted(found))
    return graph


def _tie(graph: "nx.Graph[str]", account: str, target: str, times: list[int]) -> None:
    first, last = times[0], times[-1]
    graph.add_edge(
        account, target, weight=len(times), count=len(times), first_ms=first, last_ms=last, first=iso(first),
        last=iso(last), times_ms=" ".join(map(str, times)),
    )  # fmt: skip


def graphml(alert: Alert) -> bytes:
    """GraphML, UTF-8."""
    out = BytesIO()
    nx.write_graphml_xml(graph_of(alert), out, encoding="utf-8")
    return out.getvalue()


def gexf(alert: Alert) -> bytes:
    """Dynamic GEXF 1.2, UTF-8: a spell for each action, and for each node one from its first to its last.

    Times are epoch ms as `double`: of the four formats of GEXF, Gephi and networkx both read that one.
    """
    graph = graph_of(alert)
    spans: dict[str, tuple[float, float]] = {}
    for one, other, tie in graph.edges(data=True):
        tie["spells"] = [(float(time_ms), float(time_ms)) for time_ms in tie["times_ms"].split()]
        for end in (one, other):
            first, last = spans.get(end, (float("inf"), 0.0))
            spans[end] = min(first, float(tie["first_ms"])), max(last, float(tie["last_ms"]))
    nodes: Any = graph.nodes
    for end, span in spans.items():
        nodes[end]["spells"] = [span]
    out = BytesIO()
    nx.write_gexf(graph, out, encoding="utf-8", prettyprint=False)
    return out.getvalue()


def clean(text: str) -> str:
    r"""Return `text` with what XML cannot hold as `\uXXXX`; texts that differ still differ.

    Where a text has such a character, or looks as if it had been through here, its backslashes are doubled.
    """
    if not _FORBIDDEN.search(text) and not _LOOKS_ESCAPED.search(text):
        return text
    doubled = text.replace("\\", "\\\\")
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", doubled)
