"""Reads of completion: figures by agency and by course, and the names behind them."""
