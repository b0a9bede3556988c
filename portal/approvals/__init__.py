"""A record on its way through a workflow: submit, decide, inbox, expected chain."""
