"""The page in the browser, asked from outside: by a stranger's requests, and by a real browser."""
