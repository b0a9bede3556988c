"""What a project's overview shows of its figures, plan and records: one panel per module."""
