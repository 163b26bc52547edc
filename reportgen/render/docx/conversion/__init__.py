"""Box tree → intermediate representation of the Word document."""
