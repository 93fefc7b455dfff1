"""Events, the history and documents."""
