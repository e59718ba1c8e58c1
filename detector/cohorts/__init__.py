"""Co-action by cohorts: gather, overlap, test (DESIGN section 4, steps 1 to 3)."""
