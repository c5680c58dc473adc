"""IHE SDC forms: a form becomes a protocol of a laboratory, and a filled form a case."""
