"""Who may do what: people, passwords, sessions, the matrix of roles."""
