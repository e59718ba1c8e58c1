"""Build `detector/text/code_points.npz` from unicodedata, OpenCC and the Unicode confusables.

Run: `pip install OpenCC==1.4.2 confusable-homoglyphs==3.3.1 && python -m evaluation.tables.code_points`.
Neither is needed to run Shoal. The result depends on Python's Unicode version (14.0 in Python 3.11).
"""

import json
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

POINTS = 0x110000
HAN = range(0x4E00, 0xA000)
HANGUL = range(0xAC00, 0xD7A4)
KEPT = frozenset("LN")
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def look_alikes() -> dict[str, str]:
    """Letters of other scripts that are drawn like a Latin letter or digit (UTS 39 confusables)."""
    raw = files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for character, entries in json.loads(raw).items():
        if len(character) != 1 or ord(character) < 128 or ord(character) in HAN:
            continue
        if unicodedata.category(character)[0] not in KEPT:
            continue
        for entry in entries:
            plain = entry["c"].casefold()
            if plain in PLAIN:
                found.setdefault(character, plain)
    return found


def build() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return (code points that become something, what they become)."""
    import opencc  # only the builder needs it

    simplified = opencc.OpenCC("t2s")
    alike = look_alikes()
    full = np.zeros(POINTS, np.uint32)
    for point in range(POINTS):
        result = _become(chr(point), alike, simplified) if not 0xD800 <= point < 0xE000 else ""
        if result:
            full[point] = ord(result)
    # OpenCC has chains (薴 to 苧 to 苎): follow them, so that normalising twice changes nothing
    while not np.array_equal(full[full], full):
        full = full[full]
    points = np.flatnonzero(full).astype(np.uint32)
    return points, full[points]


def _become(character: str, alike: dict[str, str], simplified: object) -> str:
    if unicodedata.category(character)[0] == "C":
        return ""
    if character in alike:
        return alike[character]
    if ord(character) in HANGUL:
        return character
    folded = unicodedata.normalize("NFKD", character).casefold()
    kept = "".join(alike.get(c, c) for c in folded if unicodedata.category(c)[0] in KEPT)
    if not kept:
        return ""
    first = kept[0]
    if "\u3400" <= first <= "\u9fff" or first >= "\U00020000":
        plain = simplified.convert(first)  # type: ignore[attr-defined]  # OpenCC has no types
        return plain if len(plain) == 1 else first
    return first


def main() -> None:
    """Write the table beside the code that reads it."""
    points, become = build()
    path = Path(str(files("detector.text").joinpath("code_points.npz")))
    # differences compress to a third of the plain columns
    steps = np.diff(points.astype(np.int64), prepend=0).astype(np.uint32)
    shifts = (become.astype(np.int64) - points).astype(np.int32)
    np.savez_compressed(path, steps=steps, shifts=shifts)
    sys.stdout.write(f"{path}: {len(points):,} code points, {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
