// Saves a lesson while it is written: two seconds after the last key, and on leaving.
import { KeptCopy } from './kept.js';

const PAUSE_MS = 2000;
const KEEP_MS = 300;
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 60000;
const PATIENCE_MS = 15000;
/** Browsers send no more than 64 KB for a page that goes away. */
const LAST_WORDS = 60000;

export class Autosave {
  #failures = 0;
  #busy = null;
  #isStopped = false;
  #isLeaving = false;

  constructor(form, rich) {
    Object.assign(this, { form, rich });
    this.url = form.dataset.saveUrl;
    this.words = JSON.parse(form.dataset.saveWords);
    this.place = form.querySelector('[data-save-state]');
    this.copy = new KeptCopy(form.dataset.owner);
    // After a refused form the page holds what the server does not.
    this.saved = 'unsaved' in form.dataset ? null : this.#now();
    form.addEventListener('input', () => this.#changed());
    form.addEventListener('change', () => this.#changed());
    form.addEventListener('submit', (event) => this.#holdSubmit(event));
    document.addEventListener('submit', (event) => this.#saveFirst(event));
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#leave(); });
    window.addEventListener('pagehide', () => this.#leave());
    window.addEventListener('pageshow', (event) => { if (event.persisted) this.#isLeaving = false; });
    window.addEventListener('online', () => this.save());
    window.addEventListener('beforeunload', (event) => {
      if (this.#isLeaving || !this.isDirty || this.isKept) return;
      event.preventDefault();
      event.returnValue = '';
    });
    if (this.saved === null) this.#keep();
    else this.#offerCopy();
  }

  get isDirty() {
    return this.#now() !== this.saved;
  }

  /** Saves now, when anything changed. Resolves when the answer is there. */
  async save() {
    clearTimeout(this.timer);
    if (this.#busy) await this.#busy;
    if (!this.url || this.#isStopped || !this.isDirty) return;
    const sent = this.#now();
    if (!this.#failures) this.#tell('saving');
    this.#busy = this.#post(sent);
    const reply = await this.#busy;
    this.#busy = null;
    this.#settle(reply, sent);
  }

  /** All that the lesson's form holds, as it would be sent. */
  #now() {
    this.rich?.sync();
    const fields = new URLSearchParams(new FormData(this.form));
    fields.delete('csrf_token');
    fields.delete('version');
    return fields.toString();
  }

  #changed() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.#keep(), KEEP_MS);
    if (this.#isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  #keep() {
    if (!this.isDirty) return;
    this.isKept = this.copy.write({ version: this.form.elements.version.value, fields: this.#now() });
  }

  #leave() {
    if (this.#isLeaving || !this.isDirty) return;
    this.#keep();
    if (!this.url || this.#isStopped || this.#busy || this.#now().length > LAST_WORDS) return;
    const sent = this.#now();
    this.#busy = this.#post(sent);
    // The page may stay: a tab that was only put aside goes on from here.
    this.#busy.then((reply) => {
      this.#busy = null;
      this.#settle(reply, sent);
    });
  }

  async #post(fields) {
    const body = new URLSearchParams(fields);
    body.set('csrf_token', this.form.elements.csrf_token.value);
    body.set('version', this.form.elements.version.value);
    const abort = new AbortController();
    const patience = setTimeout(() => abort.abort(), PATIENCE_MS);
    try {
      // redirect: "manual", since a redirect means a sign-in page and not an answer.
      const response = await fetch(this.url, {
        method: 'POST',
        body,
        redirect: 'manual',
        signal: abort.signal,
        keepalive: fields.length < LAST_WORDS,
        headers: { Accept: 'application/json' },
      });
      return await understand(response);
    } catch {
      return { state: 'waiting' };
    } finally {
      clearTimeout(patience);
    }
  }

  #settle({ state, version, saved_at: savedAt, message }, sent) {
    if (state === 'saved') {
      this.#failures = 0;
      this.form.elements.version.value = version;
      this.saved = sent;
      if (!this.isDirty) this.copy.drop();
      else this.#changed();
    } else if (state === 'conflict') {
      this.#isStopped = true;
    } else if (state !== 'refused') {
      this.#failures += 1;
      const wait = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
      this.timer = setTimeout(() => this.save(), wait);
    }
    this.#tell(state, { time: savedAt, message });
  }

  #tell(state, { time, message } = {}) {
    const words = this.words[state].replace('{time}', time ?? '').replace('{message}', message ?? '');
    this.place.textContent = words;
    this.place.classList.toggle('is-waiting', state === 'waiting');
    this.place.classList.toggle('is-refused', /conflict|refused|signedOut|gone/.test(state));
    if (state === 'conflict') this.place.append(' ', this.#button(this.words.compare, () => this.form.requestSubmit()));
  }

  /** "Save" waits for a save under way, so that the two do not meet as strangers. */
  #holdSubmit(event) {
    if (this.#busy) {
      event.preventDefault();
      const { submitter } = event;
      this.#busy.then(() => setTimeout(() => this.form.requestSubmit(submitter)));
      return;
    }
    clearTimeout(this.timer);
    this.#isLeaving = true;
    if (this.isDirty) {
      this.copy.write({ version: this.form.elements.version.value, fields: this.#now() });
      this.copy.markSent();
    }
    // A network that fails leaves us on this page.
    setTimeout(() => { this.#isLeaving = false; }, PATIENCE_MS);
  }

  /** Another form of this page leads away or counts the version on: the text is saved before. */
  #saveFirst(event) {
    const other = event.target;
    const isOurs = other === this.form || other.method !== 'post' || event.defaultPrevented;
    if (isOurs || !this.url || this.#isStopped || other.dataset.confirm || event.submitter?.dataset.confirm) return;
    if (!this.isDirty && !this.#busy) return;
    event.preventDefault();
    this.save().then(() => {
      if (!this.isDirty) other.requestSubmit(event.submitter);
    });
  }

  #offerCopy() {
    const kept = this.copy.read();
    const current = this.form.elements.version.value;
    if (!kept) return;
    if (kept.fields === this.saved || (kept.sent && Number(current) > Number(kept.version))) {
      this.copy.drop();
      return;
    }
    const offer = this.form.querySelector('[data-kept-copy]');
    const at = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: 'short', timeStyle: 'short' });
    offer.querySelector('[data-kept-words]').textContent = this.words.kept.replace('{time}', at);
    offer.querySelector('[data-restore]').addEventListener('click', () => {
      offer.hidden = true;
      this.#restore(kept);
    });
    offer.querySelector('[data-discard]').addEventListener('click', () => {
      offer.hidden = true;
      this.copy.drop();
    });
    offer.hidden = false;
  }

  #restore(kept) {
    const fields = new URLSearchParams(kept.fields);
    for (const field of this.form.elements) {
      if (!field.name || ['csrf_token', 'version'].includes(field.name) || field.type === 'submit') continue;
      if (field.type === 'checkbox') field.checked = fields.has(field.name);
      else if (fields.has(field.name)) field.value = fields.get(field.name);
    }
    // The version that it was written on: when others saved meanwhile, both are shown.
    this.form.elements.version.value = kept.version;
    this.rich?.replace(fields.get('source') ?? '');
    this.#changed();
  }

  #button(label, act) {
    const button = Object.assign(document.createElement('button'), {
      type: 'button', className: 'btn btn-quiet btn-s', textContent: label,
    });
    button.dataset.test = 'compare-both';
    button.addEventListener('click', act);
    return button;
  }
}

/** What an answer means. */
async function understand(response) {
  if (response.type === 'opaqueredirect' || response.status === 401) return { state: 'signedOut' };
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) return { state: 'waiting' };
  const reply = await response.json().catch(() => ({}));
  if (response.ok && reply.version) return { ...reply, state: 'saved' };
  if (response.status === 409 && reply.theirs) return { state: 'conflict' };
  return { state: 'refused', message: reply.message ?? reply.advice ?? '' };
}
