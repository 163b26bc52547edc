"""What the Word writer reads: box tree, computed style, support."""
