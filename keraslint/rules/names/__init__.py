"""Rules about Keras's names and arguments: ids 7960 to 7979."""
