"""Mass mailings: what is written, whom it goes to, what became of each, and who wants no more of it."""
