"""What runs in the child process: the only modules that import keras and numpy. The parent imports none."""
