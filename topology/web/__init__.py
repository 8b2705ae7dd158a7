"""Pages for people: sign-in, the loops of a workspace, one loop, one account."""
