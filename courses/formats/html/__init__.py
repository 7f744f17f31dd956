"""HTML of elsewhere to the Markdown of lessons."""
