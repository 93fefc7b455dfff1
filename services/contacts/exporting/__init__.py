"""Records taken along: a list of contacts as CSV, or everything as a zip."""
