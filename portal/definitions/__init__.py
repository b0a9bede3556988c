"""The versioned store of definitions: modules, releases, checks, diff, publish, roll back."""
