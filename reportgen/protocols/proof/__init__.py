"""A protocol in logic: what validation admits, and what is said of it, as formulas that a solver decides."""
