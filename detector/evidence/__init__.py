"""Evidence: what a group's accounts did and are, in figures, then in words (DESIGN sections 1, 4.5, 4.6)."""
