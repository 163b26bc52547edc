"""``reportgen serve``: the browser interface, for staff who do not type commands."""
