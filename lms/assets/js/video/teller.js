/** Tells the server how far the learner is; what could not be told is told with the next. */
export class Teller {
  #busy = false;
  #again = false;

  constructor({ url, token, message, putBack, onKept, onWaiting }) {
    Object.assign(this, { url, token, message, putBack, onKept, onWaiting });
  }

  async tell() {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    const message = this.message();
    try {
      const answer = await fetch(this.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': this.token },
        body: JSON.stringify(message),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.onKept?.(await answer.json());
    } catch {
      this.putBack?.(message.watched);
      this.onWaiting?.();
    }
    this.#busy = false;
    if (this.#again) {
      this.#again = false;
      this.tell();
    }
  }

  /** From a page that is being left; nothing can be heard of the answer. */
  tellLast() {
    const { position, watched, seconds } = this.message();
    const form = new FormData();
    form.set('csrf_token', this.token);
    form.set('position', JSON.stringify(position));
    form.set('watched', JSON.stringify(watched ?? []));
    form.set('seconds', JSON.stringify(seconds ?? 0));
    navigator.sendBeacon?.(this.url, form);
  }
}
