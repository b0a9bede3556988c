"""The demo company: people, projects and half a year of work, told through the real services."""
