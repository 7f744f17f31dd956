"""Who has done what: completion by agency, women and men side by side."""
