"""The books of a project: what each month brought, which months are closed, whether all agrees."""
