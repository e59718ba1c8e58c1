"""What takes the room on a disk, as far as it can be seen from one folder: an image without a shell has no `du`."""

import os
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Final

from streams.doctor.finding import size

LOOKED_AT_MAX: Final = 20_000
"""Most files that are looked at."""
TOLD: Final = 3


def room_taken(folder: Path, used_bytes: int) -> str:
    """Return a sentence: the largest things directly in `folder`, and what of `used_bytes` lies elsewhere."""
    found = sizes_in(folder)
    told = [f"{name} {size(number)}" for name, number in found.most_common(TOLD) if number]
    elsewhere = max(0, used_bytes - found.total())
    if elsewhere >= max(1_000_000, used_bytes // 10):
        told.append(f"{size(elsewhere)} outside this folder")
    return f"Taken by {', '.join(told)}." if told else "Nothing is in this folder."


def sizes_in(folder: Path) -> Counter[str]:
    """Name of each thing directly in `folder` to the bytes that it takes; a folder with all that is below it."""
    found: Counter[str] = Counter()
    walk = ((here, name) for here, _, names in os.walk(folder) for name in names)
    for here, name in islice(walk, LOOKED_AT_MAX):
        path = Path(here, name)
        try:
            taken = path.lstat().st_blocks * 512  # what it takes, not how long it is
        except OSError:  # gone while we looked
            continue
        found[path.relative_to(folder).parts[0]] += taken
    return found
