"""Text as the near-duplicate index sees it: stripped of marks, normalised, cut into shingles."""

from detector.text.normalise import normalise
from detector.text.strip import strip

__all__ = ["normalise", "strip"]
