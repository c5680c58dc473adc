"""Files of invented cases, for whoever wants to try the program; only the command line needs them."""
