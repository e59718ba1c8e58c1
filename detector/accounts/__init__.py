"""What accounts are and were: how they were registered, and whether they slept."""

from detector.accounts.dormancy import Dormancy
from detector.accounts.registrations import Registrations

__all__ = ["Dormancy", "Registrations"]
