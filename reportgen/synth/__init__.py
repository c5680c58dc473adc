"""Invented cases for trying out, load tests and interface tests; every one is marked as test data."""
