"""`dvmdash up`: everything on one machine, supervised from one foreground process."""
