"""What is known of an array, whatever library made it."""
