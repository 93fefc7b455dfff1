"""What happened with customers: entries that people write, and those that follow from what services announce."""
