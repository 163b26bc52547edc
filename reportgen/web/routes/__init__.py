"""The addresses of the server, each group in a module of its own."""
