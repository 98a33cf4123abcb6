"""Licences and policies drawn by the project itself: fictitious people, real layouts, photographed looks."""
