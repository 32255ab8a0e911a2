"""Rules about how a program is put together: ids 7980 to 7999."""
