const PAUSE_MS = 5000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30000;
const PATIENCE_MS = 10000;
/** Answers after which a report has done its work, or never will. */
const FINAL = new Set([200, 409, 413, 422]);
/** What a browser still sends when the page is gone, in bytes. */
const KEEPALIVE_BYTES = 60000;

/**
 * What a package reports, on its way to the server: the newest state and every statement.
 * Until the server has it, it also lies in this browser, so that a closed tab loses nothing;
 * signing out clears it.
 */
export class Outbox {
  #pending = null;
  #sending = null;
  #timer;
  #sentAt = 0;
  #failures = 0;
  #over = false;
  #waiters = [];

  constructor({ dataset }, onChange) {
    this.url = dataset.url;
    this.token = dataset.token;
    this.place = `package:${dataset.keep}`;
    this.run = runId();
    this.onChange = onChange;
  }

  /** Sends what an earlier visit left behind, then returns what the package goes on from. */
  async open() {
    const left = this.#recall();
    if (left) {
      const { status } = await this.#post(left);
      if (FINAL.has(status)) this.#forget(left);
    }
    const start = await this.#ask();
    if (start) {
      const { attempt, sequence, learner } = start;
      Object.assign(this, { attempt, base: sequence, sequence, learner: learner.id });
    }
    return start;
  }

  /** What makes a report one of this tab's, for the package's last one. */
  get signature() {
    const { learner, attempt, base, run } = this;
    return { learner, attempt, base, run };
  }

  /** Takes a report of the package: {state, statements, ended}. */
  put({ state, statements = [], ended = false }) {
    if (this.#over || this.attempt === undefined || typeof state !== 'object') return;
    this.sequence += 1;
    this.#pending = {
      learner: this.learner, attempt: this.attempt, base: this.base, sequence: this.sequence,
      run: this.run, state,
      statements: [...(this.#pending?.statements ?? []), ...statements].slice(-50),
    };
    this.#remember(this.#pending);
    this.#later(ended ? 0 : Math.max(0, this.#sentAt + PAUSE_MS - Date.now()));
  }

  /** Sends now what waits: the page may be gone in a moment. */
  hurry() {
    if (this.#pending) this.#later(0);
  }

  /** Resolves when nothing waits any more. */
  emptied() {
    if (this.#over || (!this.#pending && !this.#sending)) return Promise.resolve();
    this.hurry();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #later(milliseconds) {
    clearTimeout(this.#timer);
    if (milliseconds) this.#timer = setTimeout(() => this.#flush(), milliseconds);
    else this.#flush();
  }

  async #flush() {
    if (this.#sending || !this.#pending) return;
    const report = this.#sending = this.#pending;
    this.#pending = null;
    if (!this.#failures) this.onChange({ state: 'saving' });
    const reply = await this.#post(report);
    this.#sending = null;
    this.#sentAt = Date.now();
    if (reply.retry) this.#keepForLater(report, reply);
    else this.#settle(report, reply);
  }

  #keepForLater(report, { signedOut }) {
    const newer = this.#pending;
    this.#pending = newer
      ? { ...newer, statements: [...report.statements, ...newer.statements].slice(-50) }
      : report;
    this.#failures += 1;
    this.onChange({ state: signedOut ? 'signedOut' : 'waiting' });
    this.#later(Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS));
  }

  #settle(report, { status, reply }) {
    this.#failures = 0;
    if (status !== 200) this.#over = true;
    if (FINAL.has(status)) this.#forget(report);
    const state = { 200: 'saved', 409: 'elsewhere' }[status] ?? 'refused';
    this.onChange({ state, reply: reply.saved_at ? reply : undefined });
    if (this.#pending && !this.#over) this.#later(PAUSE_MS);
    else this.#waiters.splice(0).forEach((resolve) => resolve());
  }

  async #ask() {
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      const { retry, signedOut, status, reply } = await this.#send({});
      if (!retry) return status === 200 ? reply : this.onChange({ state: 'refused' });
      this.onChange({ state: signedOut ? 'signedOut' : 'waiting' });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async #post(report) {
    const first = await this.#postOnce(report);
    if (first.status !== 400) return first;
    // Signed in anew in another tab: the token of this page is of the session before.
    const { reply } = await this.#send({});
    if (!reply?.token) return first;
    this.token = reply.token;
    return this.#postOnce(report);
  }

  #postOnce(report) {
    const body = JSON.stringify(report);
    return this.#send({
      method: 'POST', body, keepalive: body.length < KEEPALIVE_BYTES,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.token },
    });
  }

  async #send({ headers, ...options }) {
    const abort = new AbortController();
    const patience = setTimeout(() => abort.abort(), PATIENCE_MS);
    try {
      const response = await fetch(this.url, {
        redirect: 'manual', signal: abort.signal, ...options,
        headers: { Accept: 'application/json', ...headers },
      });
      const signedOut = response.type === 'opaqueredirect' || response.status === 401;
      if (signedOut || response.status >= 500) return { retry: true, signedOut };
      return { status: response.status, reply: await response.json().catch(() => ({})) };
    } catch {
      return { retry: true };
    } finally {
      clearTimeout(patience);
    }
  }

  #remember(report) {
    try {
      localStorage.setItem(this.place, JSON.stringify(report));
    } catch { /* A full or forbidden store costs comfort only. */ }
  }

  #recall() {
    try {
      return JSON.parse(localStorage.getItem(this.place));
    } catch {
      return null;
    }
  }

  #forget(report) {
    const kept = this.#recall();
    if (kept?.run === report.run && kept.sequence === report.sequence) localStorage.removeItem(this.place);
  }
}

function runId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
