"""Workflow definitions and the pure engine that runs approvals; standard library only."""
