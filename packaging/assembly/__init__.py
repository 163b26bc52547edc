"""How the folders that need no installation are put together, for Windows and for Linux.

``windows_folder`` and ``linux_bundle`` are the programs; the other modules are what they share.
"""
