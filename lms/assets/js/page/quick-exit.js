const TWICE_WITHIN_MS = 1000;

/**
 * [data-quick-exit="https://…"]: leaves for a harmless page on click or on Esc pressed twice.
 * The page is hidden at once and its place in the history taken over, so Back does not return.
 */
export function quickExit() {
  const exit = document.querySelector('[data-quick-exit]');
  if (!exit) return;

  const leave = () => {
    document.documentElement.hidden = true;
    document.title = '…';
    try {
      sessionStorage.clear();
    } catch {
      // storage may be forbidden; leaving matters more
    }
    location.replace(exit.dataset.quickExit);
  };

  exit.addEventListener('click', (event) => {
    event.preventDefault();
    leave();
  });

  let pressedAt = -Infinity;
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (event.timeStamp - pressedAt < TWICE_WITHIN_MS) leave();
    pressedAt = event.timeStamp;
  });
}
