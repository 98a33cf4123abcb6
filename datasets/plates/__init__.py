"""Plates drawn by code: texts, glyphs, layouts, wear; training and test sets of the detector and the reader."""
