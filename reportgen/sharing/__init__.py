"""Sharing an edition among the units that fill it in, and merging what they return.

::

    edition, problems = read_edition(path)
    parts, problems = share_edition(edition, due="106-01-20")  # one for each unit
    merged = merge_parts(edition, returned_parts)              # changes, conflicts, what is missing

A part keeps what each of its cells held when it was shared, so that merging compares three
states: as shared, as returned, and as the edition is now. A cell that was changed on both sides
is a conflict with the names of the cells, and is never overwritten.
"""
