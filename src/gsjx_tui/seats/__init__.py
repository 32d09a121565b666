"""One office, many people: the service on a Unix socket, and the seats that work through it."""
