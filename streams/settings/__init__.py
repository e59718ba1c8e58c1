"""Configuration enters here, once: environment variables with the prefix `SHOAL_` become one frozen object.

Every other module takes `Settings` as an argument and never looks at the environment.
"""

from streams.settings.load import Described, Settings, load_settings

__all__ = ["Described", "Settings", "load_settings"]
