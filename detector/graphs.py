"""The evidence of one case as a graph, for pictures and for other people's tools."""

from io import BytesIO
from typing import Literal

import networkx as nx

from detector.evidence.words import moment
from models.alerts import Alert

Format = Literal["graphml", "gexf"]


def graph_of(alert: Alert) -> "nx.Graph[str]":
    """Bipartite graph of a case: accounts and targets as nodes, first actions as edges with their time.

    Node ids are `account:<id>` and `target:<layer>:<id>`, so that an account and a target of one id
    stay apart. As many edges as `alert.links` holds.
    """
    graph: nx.Graph[str] = nx.Graph(campaign=alert.campaign, revision=alert.revision, outcome=alert.outcome.value)
    for account in alert.accounts:
        graph.add_node(f"account:{account}", kind="account", label=account)
    names = [f"target:{target.layer}:{target.target}" for target in alert.targets]
    for name, target in zip(names, alert.targets, strict=True):
        graph.add_node(
            name, kind=target.layer, label=target.target, author=target.author or "", accounts=target.accounts_in_window
        )
    for account_number, target_number, time_ms in alert.links:
        graph.add_edge(
            f"account:{alert.accounts[account_number]}", names[target_number], time_ms=time_ms, time=moment(time_ms)
        )
    return graph


def co_action_graph(alert: Alert) -> "nx.Graph[str]":
    """Accounts tied by the number of targets they share (edge attribute `targets`)."""
    bipartite = graph_of(alert)
    accounts = [f"account:{account}" for account in alert.accounts]
    projected = nx.bipartite.weighted_projected_graph(bipartite, accounts)
    for _, _, data in projected.edges(data=True):
        data["targets"] = data.pop("weight")
    return projected


def export(alert: Alert, form: Format) -> bytes:
    """GraphML or GEXF of `graph_of`, UTF-8."""
    out = BytesIO()
    if form == "graphml":
        nx.write_graphml(graph_of(alert), out, encoding="utf-8")
    else:
        nx.write_gexf(graph_of(alert), out, encoding="utf-8")
    return out.getvalue()
