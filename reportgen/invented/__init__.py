"""Invented cases, made from a protocol alone: profiles are tried on them, and `synth` writes them to files."""
