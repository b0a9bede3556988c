"""A form on a page: each kind's macro rendered once per version and language, then joined."""
