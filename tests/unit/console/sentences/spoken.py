"""Every sentence that a module can say, read off its source: all branches, with a sample in place of each figure.

An evaluator of the few forms that sentences are written in (f-strings, choices, sums, tables, the words of
`detector.evidence.words`). What it does not know it takes for a figure, so that a form it cannot read makes a sentence
that no line of the table fits, and the test fails.
"""

import ast
import itertools
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

Said = frozenset[str]
Names = dict[str, Said]

FIGURE: Final = frozenset({"7"})
MOMENT: Final = datetime(2012, 10, 25, 4, 20, 31, tzinfo=UTC)
SPECS: Final[Mapping[str, str]] = {"": "7", ",": "1,234", "g": "2.5", ".0%": "42%"}
CALLS: Final[Mapping[str, Said]] = {
    "percent": frozenset({"42 %"}),
    "duration": frozenset({"19 s", "4 min 10 s"}),
    "chance": frozenset({"could well be chance", "about 1 in 1,000", "less than 1 in 10³⁰⁰"}),
    "moment": frozenset({"2012-10-25 04:20:31 UTC"}),
    "_name": frozenset({"like"}),
}
ARGUMENT: Final = {"item": 2, "Evidence": 2, "Explanation": 2, "TrendReason": 1}
"""Where a call has its sentence."""
REFUSALS: Final = frozenset({"InvalidOrder", "NotAllowed"})
"""Errors that say `field: reason`."""
MANY: Final = 4_000


class Module:
    """One source file. `hints`: what an expression can be, by its source, where the file does not tell."""

    def __init__(self, path: Path, hints: Mapping[str, Iterable[str]] | None = None) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.hints = {source: frozenset(said) for source, said in (hints or {}).items()}
        self._all = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]
        self.functions = {node.name: node for node in self._all}
        self.tables: dict[str, Said] = {}
        for node in self.tree.body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                self.tables[ast.unparse(target)] = self._values(node.value, {})

    def sentences(self) -> set[str]:
        """Return what calls are given as a sentence."""
        found: set[str] = set()
        for function in self._all:
            self._run(function.body, self._parameters(function), [], found)
        return found

    def returned(self, name: str) -> Said:
        """Return what a function can answer."""
        function, answers = self.functions[name], list[Said]()
        self._run(function.body, self._parameters(function), answers, set())
        return frozenset().union(*answers)

    def _parameters(self, function: ast.FunctionDef) -> Names:
        """Strings that the module's own calls pass."""
        names = [each.arg for each in function.args.args]
        passed: dict[str, set[str]] = {}
        for call in ast.walk(self.tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == function.name:
                for name, value in zip(names, call.args, strict=False):
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        passed.setdefault(name, set()).add(value.value)
        return {name: frozenset(values) for name, values in passed.items()}

    def _run(self, body: Iterable[ast.stmt], names: Names, answers: list[Said], found: set[str]) -> None:
        for node in body:
            self._collect(node, names, found)
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    names[name] = self._keys(value) or self.said(value, names)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    names[name] = self.said(value, names)
                case ast.AugAssign(target=ast.Name(id=name), value=value):
                    names[name] = _sums([names.get(name, FIGURE), self.said(value, names)])
                case ast.Return(value=ast.expr() as value):
                    answers.append(self.said(value, names))
                case ast.If():
                    branches = [dict(names), dict(names)]
                    self._run(node.body, branches[0], answers, found)
                    self._run(node.orelse, branches[1], answers, found)
                    for name in branches[0].keys() | branches[1].keys():
                        names[name] = branches[0].get(name, frozenset()) | branches[1].get(name, frozenset())
                case ast.For():
                    self._bind(node, names)
                    self._run(node.body, names, answers, found)
                case ast.With() | ast.Try():
                    self._run(node.body, names, answers, found)

    def _keys(self, value: ast.expr) -> Said:
        """Of a table of sentences by name its keys can be said, too: `clock, p = min(table.items())`."""
        if isinstance(value, ast.Dict) and value.keys:
            keys = [key.value for key in value.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
            if len(keys) == len(value.keys):
                self.hints.setdefault("clock", frozenset(keys))
        return frozenset()

    def _bind(self, loop: ast.For, names: Names) -> None:
        if isinstance(loop.target, ast.Tuple) and isinstance(loop.iter, ast.Tuple):
            for at, target in enumerate(loop.target.elts):
                rows = [row.elts[at] for row in loop.iter.elts if isinstance(row, ast.Tuple)]
                names[ast.unparse(target)] = frozenset().union(*(self.said(each, names) for each in rows))

    def _collect(self, node: ast.stmt, names: Names, found: set[str]) -> None:
        if isinstance(node, (ast.If, ast.For, ast.With, ast.Try)):
            return  # their parts come one by one
        for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
            name = ast.unparse(call.func).rpartition(".")[2]
            if name in ARGUMENT and len(call.args) > ARGUMENT[name]:
                found |= self.said(call.args[ARGUMENT[name]], names)
            elif name in REFUSALS:
                found |= _sums([self.said(call.args[0], names), frozenset({": "}), self.said(call.args[1], names)])
            elif ast.unparse(call.func) == "super().__init__" and call.args:
                found |= self.said(call.args[0], names)
            for keyword in call.keywords:
                if keyword.arg in {"headline", "sentence"}:
                    found |= self.said(keyword.value, names)

    def said(self, node: ast.expr, names: Names) -> Said:  # noqa: C901, PLR0911  # one case for each form
        """Return everything that an expression can be."""
        if (source := ast.unparse(node)) in self.hints:
            return self.hints[source]
        match node:
            case ast.Constant(value=str(text)):
                return frozenset({text})
            case ast.JoinedStr(values=values):
                return _sums([self.said(each, names) for each in values])
            case ast.FormattedValue(value=value, format_spec=None):
                return self.said(value, names)
            case ast.FormattedValue(format_spec=ast.JoinedStr() as spec):
                return frozenset({SPECS.get(ast.unparse(spec)[2:-1], "2.3")})
            case ast.IfExp():
                return self.said(node.body, names) | self.said(node.orelse, names)
            case ast.BoolOp():
                return frozenset().union(*(self.said(each, names) for each in node.values))
            case ast.BinOp(op=ast.Add()):
                return _sums([self.said(node.left, names), self.said(node.right, names)])
            case ast.Name(id=name):
                return names.get(name, FIGURE)
            case ast.Subscript(value=ast.Dict() as table):
                return self._values(table, names)
            case ast.Subscript(value=ast.Name(id=name)) if name in self.tables:
                return self.tables[name]
            case ast.Call():
                return self._called(node, names)
        return FIGURE

    def _values(self, table: ast.Dict, names: Names) -> Said:
        return frozenset().union(*(self.said(each, names) for each in table.values))

    def _called(self, call: ast.Call, names: Names) -> Said:
        name = ast.unparse(call.func)
        if name == "count":
            words = [ast.literal_eval(each) for each in call.args[1:]]
            return frozenset({f"1 {words[0]}", f"1,234 {words[1] if len(words) > 1 else words[0] + 's'}"})
        if name in CALLS:
            return CALLS[name]
        if name in self.functions:
            return self.returned(name)
        if isinstance(call.func, ast.Attribute):
            return self._method(call, call.func, names)
        return FIGURE

    def _method(self, call: ast.Call, func: ast.Attribute, names: Names) -> Said:
        if func.attr == "strftime":
            return frozenset(MOMENT.strftime(text) for text in self.said(call.args[0], names))
        if func.attr == "capitalize":
            return frozenset(text.capitalize() for text in self.said(func.value, names))
        if func.attr == "format":
            ways = names.get("way", FIGURE)
            return frozenset(text.format(value=0.42, way=way) for text in self.said(func.value, names) for way in ways)
        return FIGURE


def _sums(parts: list[Said]) -> Said:
    made = ["".join(each) for each in itertools.islice(itertools.product(*parts), MANY + 1)]
    assert len(made) <= MANY, "too many variants to read"
    return frozenset(made)
