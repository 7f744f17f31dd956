"""The frame under every feature. It knows none of them."""
