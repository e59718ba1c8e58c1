"""Whether "by chance about 1 in N" is true, by simulation where chance is all there is."""
