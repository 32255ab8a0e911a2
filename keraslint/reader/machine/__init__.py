"""The abstract machine: values, what may be undone, worlds, and the questions that it asks of values."""
