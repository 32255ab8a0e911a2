"""Rules about how layers follow each other: ids 7840 to 7859."""
