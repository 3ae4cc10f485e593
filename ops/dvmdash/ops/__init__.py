"""Running it all: settings, the command line, embedded servers, supervision, health and repair."""
