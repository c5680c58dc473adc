"""Protocols: the reporting knowledge for one diagnosis, as data, loaded and checked."""
