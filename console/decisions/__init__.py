"""What people decide: an append-only log, what follows from it, and its way to the stream."""
