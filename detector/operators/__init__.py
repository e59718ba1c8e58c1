"""Operators: cases that share accounts or contacts, remembered over weeks."""

from detector.operators.book import Known, OperatorBook

__all__ = ["Known", "OperatorBook"]
