"""What will hold a project up: tasks, approvals, resources, material; and how well it was told."""
