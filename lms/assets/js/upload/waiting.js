const EVERY_MS = 2000;

/** [data-works]: asks now and then how far the work is, and shows the page anew when it is done. */
export function watch(note) {
  const words = note.querySelector('[data-works-words]');
  setInterval(async () => {
    if (document.hidden) return;
    const now = await look();
    if (now === undefined) return;
    if (now?.dataset.works !== note.dataset.works) {
      window.location.reload();
      return;
    }
    const text = now.querySelector('[data-works-words]').textContent;
    if (words.textContent !== text) words.textContent = text;
  }, EVERY_MS);
}

/** The same part of the page as it is now; null when it is gone, undefined without an answer. */
async function look() {
  try {
    const response = await fetch(window.location.href, { redirect: 'manual' });
    if (!response.ok) return undefined;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    return page.querySelector('[data-works]');
  } catch {
    return undefined; // no network: the next look may find one
  }
}
