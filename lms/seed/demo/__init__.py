"""A province's staff, their learning and their certificates, all made up.

What is drawn (names, posts, learning) is pure and depends on the seed alone; what is
written is written in bulk, inside the transaction of whoever asks for it.
"""
