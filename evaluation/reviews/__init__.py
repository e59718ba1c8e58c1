"""How well Shoal's figures about groups point at accounts that a review site filters (`python -m evaluation.reviews`).

A measurement, not a feature: Shoal gives no score to a single account (README, responsible use).
"""
