"""The history of the tables. One line, no branches: each file names the one before."""
