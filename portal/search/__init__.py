"""Search over numbers and titles."""
