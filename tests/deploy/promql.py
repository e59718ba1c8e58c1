"""Names of series in expressions, by a parser of PromQL and not by looking for words."""

from typing import Any

import promql_parser

from streams.catalogue import CATALOGUE, FOREIGN, Metric, series

METRIC_OF: dict[str, Metric] = {name: one for one in CATALOGUE for name in series(one)}
VARIABLES = {"$__rate_interval": "5m", "$__interval": "1m", "$__range": "6h"}


def plain(expression: str) -> str:
    """The expression with Grafana's variables filled in."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def selectors(expression: str) -> list[Any]:
    """Every selector of series in an expression. Raises `ValueError` for what is no PromQL."""
    found: list[Any] = []
    promql_parser.walk(
        promql_parser.parse(plain(expression)),
        lambda node: found.append(node) if isinstance(node, promql_parser.VectorSelector) else None,
    )
    return found


def groupings(expression: str) -> list[tuple[set[str], set[str]]]:
    """For each aggregation `by` labels: these labels, and the series below it."""
    found: list[tuple[set[str], set[str]]] = []

    def visit(node: Any) -> None:
        if not isinstance(node, promql_parser.AggregateExpr) or node.modifier is None:
            return
        if node.modifier.type == promql_parser.AggModifierType.By:
            found.append((set(node.modifier.labels), names(str(node.expr))))

    promql_parser.walk(promql_parser.parse(plain(expression)), visit)
    return found


def names(expression: str) -> set[str]:
    """Series that an expression asks for."""
    return {str(selector.name) for selector in selectors(expression)}


def faults(expression: str) -> list[str]:
    """What an expression asks for and does not get: series, labels and values that do not exist."""
    found = []
    for selector in selectors(expression):
        if selector.name in FOREIGN:
            continue
        one = METRIC_OF.get(selector.name)
        if one is None:
            found.append(f"no metric has the series {selector.name}")
            continue
        labels = {label.name: label for label in one.labels}
        for matcher in selector.matchers.matchers:
            if matcher.name in {"job", "instance", "le"}:
                continue
            if matcher.name not in labels:
                found.append(f"{selector.name} has no label {matcher.name}")
            elif labels[matcher.name].values:
                wanted = set(matcher.value.split("|"))
                found += [f"{matcher.name} is never {value}" for value in wanted - set(labels[matcher.name].values)]
    for wanted, below in groupings(expression):
        known = {"job", "instance", "le", "alertname"}
        known |= {label.name for name in below if name in METRIC_OF for label in METRIC_OF[name].labels}
        found += [f"nothing below has the label {label}" for label in wanted - known]
    return found
