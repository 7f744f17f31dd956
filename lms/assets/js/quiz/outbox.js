const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30000;
const PATIENCE_MS = 10000;
const TRY_AGAIN = new Set([408, 425, 429]);

/**
 * Answers on their way to the server, the newest of each question, in the order given.
 * Each carries a sequence number; it stays here until the server has acknowledged it.
 */
export class Outbox {
  #pending = new Map();
  #failures = 0;
  #busy = false;
  #timer;
  #waiters = [];

  constructor({ url, token, seq, onChange, onRemaining }) {
    Object.assign(this, { url, token, seq, onChange, onRemaining });
  }

  get size() {
    return this.#pending.size;
  }

  /** @param {string} position  @param {URLSearchParams} answer */
  put(position, answer) {
    this.#pending.delete(position);
    this.#pending.set(position, { seq: ++this.seq, answer });
    if (this.#failures) this.#tell('waiting');
    this.flush();
  }

  /** Resolves when nothing waits any more, saved or refused. */
  emptied() {
    this.flush();
    return this.size ? new Promise((resolve) => this.#waiters.push(resolve)) : Promise.resolve();
  }

  abandon() {
    clearTimeout(this.#timer);
    this.#pending.clear();
  }

  async flush() {
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    while (this.size) {
      const [position, entry] = this.#pending.entries().next().value;
      if (!this.#failures) this.#tell('saving');
      const reply = await this.#post(position, entry);
      if (reply.retry) {
        this.#later(reply);
        break;
      }
      this.#failures = 0;
      if (this.#pending.get(position) === entry) this.#pending.delete(position);
      this.#settle(reply);
    }
    this.#busy = false;
    if (!this.size) this.#waiters.splice(0).forEach((resolve) => resolve());
  }

  async #post(position, { seq, answer }) {
    const body = new URLSearchParams(answer);
    body.set('csrf_token', this.token);
    body.set('position', position);
    body.set('seq', seq);
    const abort = new AbortController();
    const patience = setTimeout(() => abort.abort(), PATIENCE_MS);
    try {
      // redirect: "manual", since a redirect means a sign-in page and not an acknowledgement.
      const response = await fetch(this.url, {
        method: 'POST', body, keepalive: true, redirect: 'manual', signal: abort.signal,
        headers: { Accept: 'application/json' },
      });
      return await understand(response);
    } catch {
      return { retry: true };
    } finally {
      clearTimeout(patience);
    }
  }

  #settle(reply) {
    if (reply.remaining_seconds !== undefined) this.onRemaining(reply.remaining_seconds);
    if (reply.refused) this.#tell('refused', reply);
    else if (this.size) this.#tell('saving');
    else this.#tell('saved', reply);
  }

  #later({ signedOut, after }) {
    this.#failures += 1;
    this.#tell(signedOut ? 'refused' : 'waiting');
    const backoff = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    this.#timer = setTimeout(() => this.flush(), after ?? backoff);
  }

  #tell(state, { saved_at: savedAt, message } = {}) {
    this.onChange({ state, waiting: this.size, savedAt, message });
  }
}

/** What a reply means: saved, refused for good, or to be tried again. */
async function understand(response) {
  if (response.type === 'opaqueredirect' || response.status === 401) return { retry: true, signedOut: true };
  if (response.status >= 500 || TRY_AGAIN.has(response.status)) {
    const seconds = Number(response.headers.get('Retry-After'));
    return { retry: true, after: seconds ? Math.min(seconds * 1000, LONGEST_RETRY_MS) : undefined };
  }
  const reply = await response.json().catch(() => ({}));
  return response.ok && reply.saved_at ? reply : { refused: true, message: reply.message };
}
