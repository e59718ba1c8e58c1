"""Which named sets an account is in, both ways round."""

from collections import Counter
from collections.abc import Iterable, Mapping


class Membership:
    """Named sets of accounts with an inverted index, so that overlaps cost only the sets involved."""

    def __init__(self) -> None:
        self._members: dict[str, frozenset[str]] = {}
        self._names_of: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def members(self, name: str) -> frozenset[str]:
        """The accounts of a set; empty for an unknown name."""
        return self._members.get(name, frozenset())

    def names(self, account: str) -> list[str]:
        """The sets that hold an account, sorted."""
        return sorted(self._names_of.get(account, ()))

    def held(self, accounts: Iterable[str]) -> list[str]:
        """Those of the accounts that are in any set, in their order."""
        names_of = self._names_of
        return [account for account in accounts if account in names_of]

    def put(self, name: str, accounts: Iterable[str]) -> None:
        """Make `accounts` the members of `name`."""
        before, now = self.members(name), frozenset(accounts)
        self._members[name] = now
        for account in before - now:
            self._leave(account, name)
        for account in now - before:
            self._names_of.setdefault(account, set()).add(name)

    def drop(self, name: str) -> None:
        """Forget a set."""
        for account in self._members.pop(name, frozenset()):
            self._leave(account, name)

    def _leave(self, account: str, name: str) -> None:
        names = self._names_of[account]
        names.discard(name)
        if not names:
            del self._names_of[account]

    def shared(self, accounts: Iterable[str]) -> Counter[str]:
        """How many of the accounts each set holds; sets without any are left out."""
        found: Counter[str] = Counter()
        for account in accounts:
            found.update(self._names_of.get(account, ()))
        return found

    def snapshot(self) -> dict[str, list[str]]:
        """The state as plain values."""
        return {name: sorted(members) for name, members in self._members.items()}

    def restore(self, state: Mapping[str, Iterable[str]]) -> None:
        """Take the state of `snapshot`."""
        self._members.clear()
        self._names_of.clear()
        for name, members in state.items():
            self.put(name, members)
