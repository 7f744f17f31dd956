// form[data-read-to-end]: lights the "finished reading" button when the end has been seen.
// It never locks: pressing early stays possible, and without this script it is simply lit.
const form = document.querySelector('form[data-read-to-end]');
if (form) lightWhenRead(form);
rememberPlace();

function lightWhenRead(form) {
  const button = form.querySelector('button:not([type="button"])');
  const end = document.querySelector('[data-lesson-end]');
  if (!button || !end || !('IntersectionObserver' in window)) return;

  light(button, false);
  const note = document.querySelector('[data-read-state]');
  const seen = new Promise((resolve) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(end);
  });
  const waited = new Promise((resolve) => {
    setTimeout(resolve, Number(form.dataset.minSeconds || 0) * 1000);
  });
  Promise.all([seen, waited]).then(() => {
    light(button, true);
    if (note && form.dataset.msgRead) note.textContent = form.dataset.msgRead;
  });
}

function light(button, lit) {
  button.classList.toggle('btn-primary', lit);
  button.classList.toggle('btn-quiet', !lit);
}

/** Coming back within the same tab continues where the reader stopped. */
function rememberPlace() {
  if (!document.querySelector('[data-lesson-end]')) return;
  const key = `place:${location.pathname}`;
  const storage = tabStorage();
  if (!storage) return;

  const place = Number(storage.getItem(key));
  if (place > 0 && !location.hash && window.scrollY === 0) window.scrollTo(0, place);
  window.addEventListener('pagehide', () => {
    if (!document.documentElement.hidden) storage.setItem(key, String(Math.round(window.scrollY)));
  });
}

function tabStorage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
