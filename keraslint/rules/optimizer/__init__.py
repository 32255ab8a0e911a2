"""Rules about optimizers and their arguments: ids 7830 to 7839."""
