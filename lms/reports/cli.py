"""Commands."""
COMMANDS = ()
