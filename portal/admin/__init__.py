"""Administration: people, departments, roles, the company, and a way to everything else."""
