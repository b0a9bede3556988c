"""Projects, their members and project roles."""
