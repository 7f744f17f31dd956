/**
 * The package's side of the bridge to the product's page: the only window and the only origin
 * that are spoken to and listened to. This page shares its origin with the package, so the
 * product takes nothing it says for certain.
 */
const { product, files } = document.documentElement.dataset;

export const packageFiles = files;

export function say(kind, data = {}) {
  window.parent.postMessage({ kind, ...data }, product);
}

export function onHeard(kind, act) {
  window.addEventListener('message', ({ source, origin, data }) => {
    if (source === window.parent && origin === product && data?.kind === kind) act(data);
  });
}

/**
 * Sends a report while the page is closed, when no message arrives any more: to the package's
 * own origin, the only one that it can reach.
 * @param {object} lastWords  the address and what makes the report this tab's; null in a preview
 */
export function sayLast(lastWords, report) {
  if (!lastWords) return;
  const { address, ...signature } = lastWords;
  navigator.sendBeacon(address, JSON.stringify({ ...signature, ...report }));
}

/** Calls after a short pause, once for all calls in between. */
export function together(act, milliseconds) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}
