"""A laboratory's own profile: a folder that says what differs from the built-in templates, and nothing else."""
