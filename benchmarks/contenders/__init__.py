"""Contenders: this program and its peers, with their inputs and commands, cold or warm.

A peer's module is also the program of its warm process, which runs in the peers' own environment:
so these modules import only the standard library and each other at their tops.
"""
