// form[data-attempt]: keeps every answer on the server as it is given, on a network that fails.
// Without this script the form holds the same questions and sends them all with "Submit".
import { Countdown } from './quiz/countdown.js';
import { Outbox } from './quiz/outbox.js';
import { Pager } from './quiz/pager.js';
import { answerOf, isAnswered, isFlagged } from './quiz/question.js';

const TYPING_PAUSE_MS = 600;
const LAST_FLUSH_MS = 4000;

const form = document.querySelector('form[data-attempt]');
if (form) start(form);

function start(form) {
  const questions = new Map(
    [...form.querySelectorAll('[data-question]')].map((el) => [el.dataset.question, el]),
  );
  const outbox = new Outbox({
    url: form.dataset.saveUrl,
    token: form.elements.csrf_token.value,
    seq: Number(form.dataset.seq || 0),
    onChange: (state) => show(form, state),
    onRemaining: (seconds) => countdown?.restart(seconds),
  });
  const pager = new Pager(form, questions);
  const countdown = startCountdown(form, () => finish(form, outbox));

  keepAnswers(form, outbox, pager);
  holdUntilSaved(form, outbox);
}

function keepAnswers(form, outbox, pager) {
  const typing = new Map();
  const save = (question) => {
    clearTimeout(typing.get(question));
    typing.delete(question);
    outbox.put(question.dataset.question, answerOf(question));
    pager.mark(question.dataset.question, isAnswered(question), isFlagged(question));
  };

  form.addEventListener('input', (event) => {
    const question = event.target.closest('[data-question]');
    if (!question || !event.target.matches('textarea, input:not([type="radio"], [type="checkbox"])')) return;
    clearTimeout(typing.get(question));
    typing.set(question, setTimeout(() => save(question), TYPING_PAUSE_MS));
  });
  form.addEventListener('change', (event) => {
    const question = event.target.closest('[data-question]');
    if (question) save(question);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) [...typing.keys()].forEach(save);
  });
  form.addEventListener('submit', () => [...typing.keys()].forEach(save), true);
  window.addEventListener('online', () => outbox.flush());
}

/** "Submit" waits until everything is saved: a page sent into a dead network would be lost. */
function holdUntilSaved(form, outbox) {
  let leaving = false;
  form.addEventListener('submit', async (event) => {
    if (leaving) return;
    if (outbox.size === 0) {
      leaving = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    await outbox.emptied();
    leaving = true;
    send(form, submitter);
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) leaving = false;
  });
  window.addEventListener('beforeunload', (event) => {
    if (leaving || outbox.size === 0) return;
    event.preventDefault();
    event.returnValue = '';
  });
}

function startCountdown(form, onZero) {
  if (!form.dataset.deadlineSeconds) return null;
  return new Countdown({
    seconds: Number(form.dataset.deadlineSeconds),
    clock: document.querySelector('[data-countdown]'),
    live: document.querySelector('[data-countdown-live]'),
    message: form.dataset.msgMinutes,
    onZero,
  });
}

/** Time is up: one last try to save, then the server closes the attempt whatever happened. */
async function finish(form, outbox) {
  const patience = new Promise((resolve) => setTimeout(resolve, LAST_FLUSH_MS));
  await Promise.race([outbox.emptied(), patience]);
  outbox.abandon();
  send(form, document.querySelector('[data-finish]'));
}

/** Sends the form as that button would have, without asking or checking again. */
function send(form, button) {
  if (button?.name) {
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: button.name, value: button.value });
    form.append(field);
  }
  if (button?.hasAttribute('formaction')) form.action = button.formAction;
  form.submit();
}

function show(form, { state, waiting, savedAt, message }) {
  const place = document.querySelector('[data-save-state]');
  if (!place) return;
  const { msgSaving, msgSaved, msgWaiting, msgRefused } = form.dataset;
  const texts = {
    saving: msgSaving,
    saved: msgSaved.replace('{time}', savedAt),
    waiting: msgWaiting.replace('{n}', waiting),
    refused: message || msgRefused,
  };
  place.textContent = texts[state];
  place.classList.toggle('is-waiting', state === 'waiting');
  place.classList.toggle('is-refused', state === 'refused');
}
