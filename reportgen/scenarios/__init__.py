"""Scenarios: example cases that a pathologist can read, each with what its report must say."""
