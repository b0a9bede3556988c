"""The weekly report: what moved between two days in the ledgers and registers, kept as it stood."""
