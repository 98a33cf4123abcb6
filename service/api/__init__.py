"""The HTTP interface, version 1: one module a noun; each route calls the store, no route has rules of its own."""
