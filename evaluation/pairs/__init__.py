"""Pairs of texts that people judged, against the similarity that Shoal uses (`python -m evaluation.pairs`)."""
