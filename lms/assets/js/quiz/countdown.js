const ANNOUNCED_MINUTES = [5, 1];

/**
 * Shows the time the server said is left. Runs on the monotonic clock, counted from the moment
 * the page arrived, so a wrong or changed clock of the device moves nothing.
 */
export class Countdown {
  #endsAt;
  #left = Infinity;
  #timer;

  constructor({ seconds, clock, live, message, onZero }) {
    Object.assign(this, { clock, live, message, onZero });
    const [arrival] = performance.getEntriesByType('navigation');
    this.#endsAt = (arrival?.responseStart ?? performance.now()) + seconds * 1000;
    this.#timer = setInterval(() => this.#tick(), 500);
    this.#tick();
  }

  /** The server's newer word on what is left. */
  restart(seconds) {
    this.#endsAt = performance.now() + seconds * 1000;
  }

  #tick() {
    const before = this.#left;
    this.#left = Math.max(0, Math.ceil((this.#endsAt - performance.now()) / 1000));
    this.#show();
    for (const minutes of ANNOUNCED_MINUTES) {
      if (before > minutes * 60 && this.#left <= minutes * 60 && before !== Infinity) this.#announce(minutes);
    }
    if (this.#left > 0) return;
    clearInterval(this.#timer);
    this.onZero();
  }

  #show() {
    const minutes = Math.floor(this.#left / 60);
    const seconds = String(this.#left % 60).padStart(2, '0');
    this.clock.textContent = `${minutes}:${seconds}`;
    this.clock.closest('.clock')?.classList.toggle('is-short', this.#left <= 60);
  }

  #announce(minutes) {
    if (this.live) this.live.textContent = this.message.replace('{n}', minutes);
  }
}
