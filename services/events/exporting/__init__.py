"""Events as files that people take along."""
