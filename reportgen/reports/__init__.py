"""Reports: licensed sentences and element/answer pairs, format-neutral, each with its trace."""
