"""Campaigns: groups of accounts tied together over several targets, and who they were yesterday."""
