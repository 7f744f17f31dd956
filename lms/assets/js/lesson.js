// form[data-read-to-end]: lights the "finished reading" button when the end has been seen.
// It never locks: pressing early stays possible, and without this script it is simply lit.
const FOOT = '.foot-bar';
startFoot();
beginByItself();
rememberPlace();

function startFoot() {
  const form = document.querySelector('form[data-read-to-end]');
  if (form) lightWhenRead(form);
  const wait = document.querySelector('[data-wait]');
  if (wait) countDown(wait);
}

/** form[data-begin]: opening the page begins the lesson; the foot comes back with its time. */
async function beginByItself() {
  const form = document.querySelector('form[data-begin]');
  if (!form) return;
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form) });
    if (!answer.ok) return; // the button stays
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const foot = page.querySelector(FOOT);
    if (!foot || !document.querySelector(FOOT)) return;
    document.querySelector(FOOT).replaceWith(document.adoptNode(foot));
    startFoot();
  } catch {
    // No network: the button stays, and so does the text.
  }
}

/** [data-wait="90"]: seconds until the lesson may be marked, counted here, decided there. */
function countDown(place) {
  const until = Date.now() + Number(place.dataset.wait) * 1000;
  const show = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    place.textContent = place.dataset.waitWords.replace('{time}', time);
    if (left > 0) return;
    clearInterval(ticking);
    place.remove();
  };
  const ticking = setInterval(show, 1000);
}

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
