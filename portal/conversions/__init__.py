"""Stored records carried to another release of their form: tried, run as a job, taken back."""
