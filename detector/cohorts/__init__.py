"""Co-action by cohorts: gather, overlap, test."""
