// [data-package]: plays a package from the content origin and keeps what it reports.
// The package runs strangers' scripts in a frame of another origin; all that comes from it are
// messages, taken from that frame and that origin only, and the server trusts none of them.
import { Outbox } from './package/outbox.js';
import { fillScreen } from './package/screen.js';

const LEAVE_MS = 1500;
const SEND_MS = 2500;
/** A package that has not come by then will not: its host cannot be reached from here. */
const OPEN_MS = 30000;
const HEIGHTS = [200, 6000];

const stage = document.querySelector('[data-package]');
if (stage) play(stage);

async function play(stage) {
  const frame = stage.querySelector('iframe');
  const { origin, launch } = stage.dataset;
  const outbox = stage.dataset.url ? new Outbox(stage, (standing) => show(stage, standing)) : null;
  const said = new EventTarget();

  const tell = (kind, data = {}) => frame.contentWindow.postMessage({ kind, ...data }, origin);
  window.addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin || typeof data?.kind !== 'string') return;
    said.dispatchEvent(new MessageEvent(data.kind, { data }));
  });

  const unopened = setTimeout(() => show(stage, { state: 'failed' }), OPEN_MS);
  said.addEventListener('ready', async () => {
    clearTimeout(unopened);
    show(stage, { state: 'loading' });
    const start = outbox ? await outbox.open() : { state: {}, learner: { id: 'xem-thu', name: '' } };
    if (!start) return;
    const facts = JSON.parse(stage.dataset.facts);
    const lastWords = outbox && { address: stage.dataset.lastWords, ...outbox.signature };
    tell('start', { ...start, launch, facts, lastWords, activity: location.origin + location.pathname });
    show(stage, { state: outbox ? 'playing' : 'preview' });
  });
  said.addEventListener('report', ({ data }) => outbox?.put(data));
  said.addEventListener('failed', () => show(stage, { state: 'failed' }));
  said.addEventListener('height', ({ data }) => {
    const [least, most] = HEIGHTS;
    if (Number.isFinite(data.height)) frame.style.height = `${Math.min(Math.max(data.height, least), most)}px`;
  });

  fillScreen(stage);
  closeBeforeLeaving(said, tell, outbox);
  frame.src = stage.dataset.address;
}

/** A package writes its last words when it is closed: leave only once they have come and are sent. */
function closeBeforeLeaving(said, tell, outbox) {
  if (!outbox) return;
  const close = async () => {
    tell('close');
    await settled(said, 'closed', LEAVE_MS);
    await Promise.race([outbox.emptied(), pause(SEND_MS)]);
  };
  document.addEventListener('click', async (event) => {
    const link = event.target.closest('a[href]');
    const plain = !(event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey);
    if (!link || !plain || link.target || link.hasAttribute('download') || link.hash) return;
    event.preventDefault();
    await close();
    location.assign(link.href);
  });
  let leaving = false;
  document.addEventListener('submit', async (event) => {
    if (leaving || event.defaultPrevented) return;
    event.preventDefault();
    const { target, submitter } = event;
    await close();
    leaving = true;
    if (target.requestSubmit && !submitter?.disabled) target.requestSubmit(submitter);
    else target.submit();
  });
  document.addEventListener('visibilitychange', () => document.hidden && outbox.hurry());
  window.addEventListener('pagehide', () => outbox.hurry());
  window.addEventListener('online', () => outbox.hurry());
}

function settled(target, kind, patience) {
  return Promise.race([
    new Promise((resolve) => target.addEventListener(kind, resolve, { once: true })),
    pause(patience),
  ]);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Says in words how it stands: what is saved, what the package reports. */
function show(stage, { state, reply }) {
  const place = stage.querySelector('[data-package-state]');
  // Read out when it changes: not at each of many reports.
  if (state === 'saving' && place.dataset.state === 'saved') return;
  place.dataset.state = state;
  const words = stage.dataset[`msg${state[0].toUpperCase()}${state.slice(1)}`]?.replace('{time}', reply?.saved_at ?? '');
  if (words && place.textContent !== words) place.textContent = words;
  place.classList.toggle('is-waiting', state === 'waiting');
  place.classList.toggle('is-refused', ['refused', 'elsewhere', 'failed', 'signedOut'].includes(state));
  stage.querySelector('[data-package-reload]')?.toggleAttribute('hidden', state !== 'elsewhere');
  if (reply) showStanding(stage, reply);
}

function showStanding(stage, { finished, passed, score, done }) {
  const place = stage.querySelector('[data-package-standing]');
  const { msgFinished, msgPassed, msgNotPassed, msgScore } = stage.dataset;
  if (place && (finished || score !== null)) {
    const verdict = { true: msgPassed, false: msgNotPassed }[passed] ?? (finished ? msgFinished : '');
    const points = score === null ? '' : msgScore.replace('{score}', score);
    const words = [verdict, points].filter(Boolean).join(' ');
    if (place.textContent.trim() !== words) place.textContent = words;
  }
  stage.querySelector('[data-package-next]')?.toggleAttribute('hidden', !done);
}
