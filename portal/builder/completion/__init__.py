"""What can be written where the cursor stands: read from a text that may be broken."""
