"""Commands of the demo province."""
COMMANDS = ()
