"""What Keras code means."""
