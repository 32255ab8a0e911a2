"""What is known of other libraries, as far as it decides shapes, ranges and label encoding."""
