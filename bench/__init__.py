"""Speed, measured against a fixed reference; `make bench` writes RESULTS.md."""
