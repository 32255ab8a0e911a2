"""Rules about own training loops and subclasses: ids 7900 to 7919."""
