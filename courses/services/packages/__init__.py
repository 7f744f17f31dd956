"""Packages of other systems: unpacked to be served, and the results they report."""
