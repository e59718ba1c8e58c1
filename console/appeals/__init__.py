"""Appeals: an account's platform asks that somebody else look at a decision again."""
