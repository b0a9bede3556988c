"""Where a field, a form or a role is named in the files of modules, and what depends on what."""
