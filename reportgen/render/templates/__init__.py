"""Templates → HTML: Jinja, files that a template names, locations."""
