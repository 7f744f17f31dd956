"""The one reader and the one writer of tables: XLSX, XLS, ODS and CSV."""

from lms.core.tables.reading import read_table
from lms.core.tables.table import (
    MESSAGES,
    Cell,
    Merge,
    Table,
    TableError,
)
from lms.core.tables.writing import write_csv, write_xlsx

__all__ = [
    "MESSAGES",
    "Cell",
    "Merge",
    "Table",
    "TableError",
    "read_table",
    "write_csv",
    "write_xlsx",
]
