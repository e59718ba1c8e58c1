"""What another configuration would have raised, side by side with what was."""
