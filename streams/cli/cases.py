"""Cases by name, from a file of alerts or from the store."""

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from models.alerts import Alert
from streams.cli.errors import UserError

NEAR_MAX = 5


def revisions_of(campaign: str, alerts: Path | None, store: str | None = None) -> list[Alert]:
    """Every revision of a case, oldest first. `campaign` may be the beginning of an id that no other has.

    Read from the file `alerts`, or else from `store` (a URL), or else from the worker's store. Raises
    `UserError` if there is no such case, or more than one, with the ids that are meant perhaps.
    """
    return _of_file(campaign, alerts) if alerts is not None else _of_store(campaign, store)


def _of_file(campaign: str, path: Path) -> list[Alert]:
    cases: dict[str, dict[int, Alert]] = defaultdict(dict)
    for alert in _alerts(path):
        cases[alert.campaign][alert.revision] = alert
    found = cases[_chosen(campaign, sorted(cases), str(path))]
    return [found[revision] for revision in sorted(found)]


def _alerts(path: Path) -> Iterator[Alert]:
    from models.codec import decode_alert
    from models.errors import ShoalError

    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield decode_alert(line)
            except ShoalError as error:
                raise UserError(f"{path}, line {number} is no alert: {error}") from error


def _of_store(campaign: str, url: str | None) -> list[Alert]:
    from streams.settings import load_settings
    from streams.store.open import open_store, require_store
    from streams.store.protocol import LIST_MAX

    settings = load_settings()
    require_store(url or settings.store_url)
    store = open_store(url or settings.store_url, settings.store_timeout_ms)
    try:
        found = store.revisions(campaign)
        if found:
            return found
        known = [alert.campaign for alert in store.newest(limit=LIST_MAX)]
        return store.revisions(_chosen(campaign, known, f"the newest {LIST_MAX:,} cases of the store"))
    finally:
        store.close()


def _chosen(campaign: str, known: list[str], where: str) -> str:
    if campaign in known:
        return campaign
    begun = [name for name in known if campaign and name.startswith(campaign)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        more = ", …" if len(begun) > NEAR_MAX else ""
        raise UserError(f"{len(begun)} cases in {where} begin with {campaign}: {', '.join(begun[:NEAR_MAX])}{more}")
    if not known:
        raise UserError(f"no campaign {campaign} in {where}: there is no case in it at all")
    near = get_close_matches(campaign, known, NEAR_MAX, 0.5) or known[:NEAR_MAX]
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise UserError(f"no campaign {campaign} in {where}: ids are the 16 hex digits at the end of an alert's line{hint}")
