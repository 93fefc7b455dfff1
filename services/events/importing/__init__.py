"""Files of events that people bring along."""
