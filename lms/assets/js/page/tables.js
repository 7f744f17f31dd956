const ROLES = { TABLE: 'table', THEAD: 'rowgroup', TBODY: 'rowgroup', TR: 'row', TD: 'cell' };

/** .table-stack is no table to a screen reader once its rows are cards: say so again. */
export function keepTableRoles() {
  for (const table of document.querySelectorAll('.table-stack')) {
    for (const part of [table, ...table.querySelectorAll('thead, tbody, tr, td')]) {
      part.setAttribute('role', ROLES[part.tagName]);
    }
    for (const head of table.querySelectorAll('th')) {
      head.setAttribute('role', head.closest('thead') ? 'columnheader' : 'rowheader');
    }
  }
}
