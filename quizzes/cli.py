"""Commands about quizzes: none so far."""

COMMANDS = ()
