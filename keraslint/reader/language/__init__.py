"""What Python's syntax means."""
