// A download answers without leaving the page, so a button may not stay dead for ever.
const GIVE_BACK_AFTER_MS = 8000;

/** [data-confirm="Question?"] on a form, a submit button or a link: asks before going on. */
export function confirmFirst() {
  const ask = (event, question) => {
    if (!question || window.confirm(question)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // Capturing, so that nobody acts on a submit that is then called off.
  document.addEventListener('submit', (event) => {
    ask(event, event.submitter?.dataset.confirm ?? event.target.dataset.confirm);
  }, true);
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-confirm]');
    if (link) ask(event, link.dataset.confirm);
  }, true);
}

/** Every form: its submit buttons rest after the first press. [data-repeatable] opts out. */
export function submitOnce() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || 'repeatable' in form.dataset) return;
    const buttons = [...form.elements].filter((el) => el.type === 'submit' && !el.disabled);
    // After this turn: a disabled button would not send its own name and value.
    setTimeout(() => buttons.forEach((button) => rest(button, true)));
    setTimeout(() => buttons.forEach((button) => rest(button, false)), GIVE_BACK_AFTER_MS);
  });
  window.addEventListener('pageshow', () => {
    document.querySelectorAll('button[data-resting]').forEach((button) => rest(button, false));
  });
}

function rest(button, resting) {
  button.disabled = resting;
  button.toggleAttribute('data-resting', resting);
}

/** select[data-autosubmit]: a filter applies itself (its button is .no-js-only). */
export function submitOnChange() {
  document.addEventListener('change', (event) => {
    if (!event.target.matches('[data-autosubmit]')) return;
    const { form } = event.target;
    if (form.requestSubmit) form.requestSubmit();
    else form.submit(); // Safari before 16
  });
}

/** After a refused form the summary of errors is read out first. */
export function focusErrors() {
  document.querySelector('[data-error-summary]')?.focus();
}
