"""From finding to evidence: builds the flagged model and its fixed twin in real Keras, in a child process, and judges."""
