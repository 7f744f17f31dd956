/**
 * Browsers that keep nothing for frames of other sites refuse localStorage with an error, at
 * which H5P stops. It gets one that lasts as long as the page: what has to last is kept by the
 * product.
 */
export function lendStorage(win) {
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      if (win[name]) continue;
    } catch { /* Refused: lend one. */ }
    Object.defineProperty(win, name, { configurable: true, value: new ShortStorage() });
  }
}

class ShortStorage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(name) {
    return this.#items.get(String(name)) ?? null;
  }

  setItem(name, value) {
    this.#items.set(String(name), String(value));
  }

  removeItem(name) {
    this.#items.delete(String(name));
  }

  clear() {
    this.#items.clear();
  }
}
