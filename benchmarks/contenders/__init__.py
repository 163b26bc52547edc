"""This program and its peers, each by what it begins from, and how it is run once or stays warm.

A peer's module is also the program of its warm process, which runs in the peers' own environment:
so at their heads these modules import the standard library and each other, nothing else.
"""
