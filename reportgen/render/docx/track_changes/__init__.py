"""Word's tracked changes between two documents."""
