"""``reportgen serve``: the page in the browser, for staff who do not type commands."""
