"""Certificates: numbered, frozen at issue, verifiable for good."""
