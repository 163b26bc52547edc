"""Provenance: the seal of a document and the manifest behind it."""
