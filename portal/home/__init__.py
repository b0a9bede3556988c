"""Home and Start: what waits for me, what I sent, which forms I may file."""
