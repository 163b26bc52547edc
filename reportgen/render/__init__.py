"""View → HTML → PDF and Word: one template makes both."""
