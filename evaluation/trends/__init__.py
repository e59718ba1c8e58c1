"""How well trending topics are judged: simulated bursts, real lists, and the measurements."""
