"""Evidence: what a group's accounts did and are, in figures, then in words."""
