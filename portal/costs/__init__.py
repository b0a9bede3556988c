"""The cost center: budget, commitments and actual cost per cost code, summed from the ledger."""
