"""People, departments, roles, sign-in and sessions."""
