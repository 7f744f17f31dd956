/** details[data-menu]: closes on Esc, on a press outside, and when another one opens. */
export function closeMenus() {
  const openMenus = () => document.querySelectorAll('details[data-menu][open]');

  document.addEventListener('click', (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of openMenus()) {
      if (menu.contains(document.activeElement)) menu.querySelector('summary').focus();
      menu.open = false;
    }
  });
}
