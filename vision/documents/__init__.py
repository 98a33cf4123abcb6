"""Documents read from text lines: which page it is, which line belongs to which field, how each text was proved."""
