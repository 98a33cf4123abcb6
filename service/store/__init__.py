"""The database: one module a noun, plain functions over a connection, every one of them scoped by organisation."""
