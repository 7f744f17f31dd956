import { Upload } from 'tus-js-client';
import { Progress } from './progress.js';

const RETRY_DELAYS_MS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 30000, 30000, 30000, 30000, 30000];
const SIGNED_OUT = 401;

/** Lets a form's file go in parts. The file itself is never sent with the form then. */
export function begin(form) {
  const input = form.querySelector('input[type="file"]');
  const progress = new Progress(form);
  let sending = null;

  form.addEventListener('submit', (event) => {
    const file = input.files[0];
    if (!file || form.dataset.uploaded) return; // nothing chosen: the server says so
    event.preventDefault();
    event.stopImmediatePropagation();
    if (sending) return;
    if (file.size > Number(form.dataset.most)) {
      progress.refuse(progress.words.tooLarge(Number(form.dataset.most)));
      return;
    }
    sending = new Sending(form, file, progress, () => { sending = null; });
    sending.start();
  }, true);
  progress.onPause(() => sending?.toggle());
  progress.onCancel(() => sending?.cancel());
  window.addEventListener('online', () => sending?.goOn());
  window.addEventListener('beforeunload', (event) => {
    if (!sending?.isUnderWay) return;
    event.preventDefault();
    event.returnValue = '';
  });
}

/** One file on its way. */
class Sending {
  #paused = false;
  #stalled = false;
  #upload;

  constructor(form, file, progress, onEnd) {
    Object.assign(this, { form, file, progress, onEnd });
    this.isUnderWay = true;
    this.#upload = new Upload(file, {
      endpoint: form.dataset.upload,
      chunkSize: Number(form.dataset.part),
      retryDelays: RETRY_DELAYS_MS,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, for: form.dataset.for, course: form.dataset.course || '' },
      headers: { 'X-CSRFToken': form.elements.csrf_token.value },
      onProgress: (sent, size) => this.progress.sent(sent, size),
      onShouldRetry: (error) => this.#mayRetry(error),
      onError: (error) => this.#fail(error),
      onSuccess: ({ lastResponse }) => this.#finish(lastResponse),
    });
  }

  async start() {
    this.progress.show(this.file);
    const [earlier] = await this.#upload.findPreviousUploads();
    if (earlier) {
      this.#upload.resumeFromPreviousUpload(earlier);
      this.progress.say(this.form.dataset.msgResumed);
    }
    this.#upload.start();
  }

  toggle() {
    this.#paused = !this.#paused && !this.#stalled;
    if (this.#paused) this.#upload.abort();
    else this.#start();
    this.progress.pause(this.#paused);
  }

  /** The network is back: no need to wait for the next try. */
  goOn() {
    if (this.#paused || !this.isUnderWay) return;
    this.#upload.abort().then(() => this.#start());
    this.progress.pause(false);
  }

  #start() {
    this.#stalled = false;
    this.#upload.start();
  }

  async cancel() {
    this.isUnderWay = false;
    await this.#upload.abort(true).catch(() => {});
    this.progress.hide();
    this.onEnd();
  }

  #mayRetry(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    if (!status) this.progress.say(this.form.dataset.msgWaiting);
    return !status || status === 409 || status === 423 || status === 429 || status >= 500;
  }

  #fail(error) {
    const response = error.originalResponse;
    const { msgSignedOut, msgRefused, msgWaiting } = this.form.dataset;
    if (!response) {
      this.#stalled = true; // tried long enough: "online" goes on, or the button
      this.progress.pause(true);
      this.progress.say(msgWaiting);
      return;
    }
    this.isUnderWay = false;
    const words = response.getStatus() < 500 && isPlain(response) ? response.getBody() : '';
    this.progress.refuse(response.getStatus() === SIGNED_OUT ? msgSignedOut : words || msgRefused);
    this.onEnd();
  }

  #finish(response) {
    this.isUnderWay = false;
    this.progress.say(this.form.dataset.msgWhole);
    const place = response?.getHeader('Content-Location');
    if (place) {
      window.location.assign(place);
      return;
    }
    this.#sendForm();
  }

  /** Nothing begins by itself: the form goes, with the upload's token in the place of the file. */
  #sendForm() {
    const token = this.#upload.url.split('/').pop();
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'upload', value: token });
    this.form.append(field);
    this.form.querySelector('input[type="file"]').disabled = true;
    this.form.dataset.uploaded = 'true';
    this.form.submit();
  }
}

function isPlain(response) {
  return (response.getHeader('Content-Type') || '').startsWith('text/plain');
}
