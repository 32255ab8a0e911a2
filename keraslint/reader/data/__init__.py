"""What is known of libraries, as far as it decides shapes, ranges and label encoding; one module per family."""
