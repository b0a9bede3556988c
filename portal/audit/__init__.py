"""The hash chain: who did what when, verifiable link by link."""
