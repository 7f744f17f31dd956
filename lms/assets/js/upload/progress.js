const SPEED_OVER_MS = 8000;
const WRITTEN_EVERY_MS = 500;
const SPOKEN_EVERY_MS = 15000;

/** What the form shows while its file is on its way. */
export class Progress {
  #samples = [];
  #written = 0;
  #spoken = 0;
  #last = [0, 0];

  constructor(form) {
    this.form = form;
    this.box = form.querySelector('[data-upload-progress]');
    this.bar = this.box.querySelector('progress');
    this.state = this.box.querySelector('[data-upload-state]');
    this.button = this.box.querySelector('[data-upload-pause]');
    this.submit = form.querySelector('[type="submit"]');
    this.input = form.querySelector('input[type="file"]');
    this.words = { tooLarge: (most) => form.dataset.msgTooLarge.replace('{most}', inSize(most)) };
  }

  onPause(act) {
    this.button.addEventListener('click', act);
  }

  onCancel(act) {
    this.box.querySelector('[data-upload-cancel]').addEventListener('click', act);
  }

  show(file) {
    this.#samples = [];
    this.#last = [0, file.size];
    this.bar.value = 0;
    this.box.hidden = false;
    this.submit.hidden = true;
    this.input.disabled = true;
    this.button.disabled = false;
    this.box.classList.remove('is-refused');
    this.pause(false);
  }

  hide() {
    this.box.hidden = true;
    this.#rest();
  }

  sent(sent, size) {
    this.#last = [sent, size];
    this.bar.value = size ? sent / size : 1;
    const now = Date.now();
    this.#samples.push([now, sent]);
    this.#samples = this.#samples.filter(([at]) => now - at < SPEED_OVER_MS);
    if (now - this.#written < WRITTEN_EVERY_MS && sent < size) return;
    this.#written = now;
    // A screen reader is told now and then; who looks sees it all the time.
    const aloud = now - this.#spoken > SPOKEN_EVERY_MS;
    if (aloud) this.#spoken = now;
    this.say(this.#fill(this.form.dataset.msgSending), { aloud });
  }

  pause(paused) {
    this.button.textContent = paused ? this.button.dataset.resume : this.button.dataset.pause;
    if (paused && this.#last[0]) this.say(this.#fill(this.form.dataset.msgPaused));
  }

  say(words, { aloud = true } = {}) {
    this.state.setAttribute('aria-live', aloud ? 'polite' : 'off');
    this.state.textContent = words;
  }

  refuse(words) {
    this.box.hidden = false;
    this.box.classList.add('is-refused');
    this.button.disabled = true;
    this.say(words);
    this.#rest();
  }

  #rest() {
    this.submit.hidden = false;
    this.submit.disabled = false;
    this.input.disabled = false;
  }

  #fill(words) {
    const [sent, size] = this.#last;
    return words
      .replace('{sent}', inSize(sent))
      .replace('{size}', inSize(size))
      .replace('{left}', this.#left(size - sent));
  }

  #left(bytes) {
    const [first] = this.#samples;
    const last = this.#samples[this.#samples.length - 1];
    if (!first || last[0] === first[0] || last[1] === first[1]) return '…';
    const seconds = (bytes / (last[1] - first[1])) * ((last[0] - first[0]) / 1000);
    const { msgMinutes, msgSeconds } = this.form.dataset;
    return seconds > 90
      ? msgMinutes.replace('{n}', Math.ceil(seconds / 60))
      : msgSeconds.replace('{n}', Math.ceil(seconds));
  }
}

/** 12,4 MB in Vietnamese, 12.4 MB in English. */
function inSize(bytes) {
  const [unit, value] = bytes >= 1e9 ? ['GB', bytes / 2 ** 30] : ['MB', bytes / 2 ** 20];
  return `${value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}`;
}
