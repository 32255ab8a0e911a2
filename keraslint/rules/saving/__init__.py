"""Rules about saving and loading: ids 7940 to 7959."""
