"""Offline builders of tables that the detector ships."""
