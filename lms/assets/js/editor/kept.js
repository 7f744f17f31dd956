// A copy on this machine of what is not saved yet, so that a closed tab loses nothing.

export class KeptCopy {
  constructor(owner) {
    this.key = `lesson:${owner}:${location.pathname}`;
  }

  /** @returns {{version, fields, at, sent}|null} */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  /** @returns {boolean} whether it could be kept */
  write(copy) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...copy, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  /** On its way to the server with the form: not offered again once a later version stands there. */
  markSent() {
    const copy = this.read();
    if (copy) this.write({ ...copy, sent: true });
  }

  drop() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // what cannot be written cannot be there either
    }
  }
}
