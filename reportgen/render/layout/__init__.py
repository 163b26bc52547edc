"""Layout: pagination, tables, overflow, and what layouts depend on."""
