"""Whole cases drawn from rendered scenes and drawn papers: planned, made, and judged by their own truth."""
