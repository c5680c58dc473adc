"""Proofs about a protocol: questions to the solver, and cases that show what it found."""
