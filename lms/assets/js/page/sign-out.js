/** Signing out leaves nothing of a learner's packages behind for whoever uses this browser next. */
export function forgetAtSignOut() {
  document.addEventListener('submit', ({ target }) => {
    if (!new URL(target.action, location.href).pathname.endsWith('/sign-out')) return;
    try {
      Object.keys(localStorage)
        .filter((name) => name.startsWith('package:'))
        .forEach((name) => localStorage.removeItem(name));
    } catch { /* Nothing can be kept in this browser, so nothing is. */ }
  });
}
