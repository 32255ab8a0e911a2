"""Rules about metrics: ids 7820 to 7829."""
