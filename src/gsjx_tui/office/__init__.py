"""The use cases, one module each. Every face, screen or command, goes through here alone."""
