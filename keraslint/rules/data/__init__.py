"""Rules about data and evaluation: ids 7920 to 7939."""
