const EDGE = 80; // pixels from the screen's edge where the page begins to scroll
const SPEED = 12;

/** Drags an item by its handle with mouse, pen or finger; a line shows where it will go. */
export function dragWithPointer(handle, item, outline) {
  handle.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    handle.focus();
    new Drag(item, outline, event);
  });
}

class Drag {
  constructor(item, outline, event) {
    Object.assign(this, { item, outline, y: event.clientY });
    this.line = document.createElement(outline.isModule(item) ? 'div' : 'li');
    this.line.className = 'drop-line';
    this.line.setAttribute('aria-hidden', 'true');
    item.classList.add('is-dragged');
    this.ends = new AbortController();
    const on = (name, act) => document.addEventListener(name, act, { signal: this.ends.signal });
    on('pointermove', (moved) => {
      this.y = moved.clientY;
      this.#point();
    });
    on('pointerup', () => this.#drop());
    on('pointercancel', () => this.#end());
    on('keydown', (pressed) => { if (pressed.key === 'Escape') this.#end(); });
    this.scrolling = setInterval(() => this.#scroll(), 16);
  }

  #point() {
    const [parent, items] = this.#target();
    const next = items.find(isBelow(this.y)) ?? items.at(-1)?.nextElementSibling ?? null;
    if (next !== this.line && this.line.nextElementSibling !== next) parent.insertBefore(this.line, next);
    else if (this.line.parentElement !== parent) parent.insertBefore(this.line, next);
  }

  /** What it may go into: the outline for a module, for a lesson the list nearest to the pointer. */
  #target() {
    const { item, outline, y } = this;
    if (outline.isModule(item)) return [item.parentElement, outline.modules()];
    const distance = (list) => {
      const { top, bottom } = list.getBoundingClientRect();
      return Math.max(top - y, y - bottom, 0);
    };
    const list = outline.lists().reduce((best, other) => (distance(other) < distance(best) ? other : best));
    return [list, outline.lessons(list)];
  }

  #drop() {
    const { parentElement: parent, nextElementSibling: next } = this.line;
    if (!parent) return this.#end();
    const putBack = this.outline.remember();
    this.outline.put(this.item, parent, next === this.item ? this.item.nextElementSibling : next);
    this.#end();
    this.outline.say(this.item, this.outline.words.moved);
    return this.outline.send(putBack);
  }

  #end() {
    clearInterval(this.scrolling);
    this.ends.abort();
    this.line.remove();
    this.item.classList.remove('is-dragged');
  }

  #scroll() {
    if (this.y < EDGE) window.scrollBy(0, -SPEED);
    else if (this.y > window.innerHeight - EDGE) window.scrollBy(0, SPEED);
  }
}

function isBelow(y) {
  return (item) => {
    const { top, bottom } = item.getBoundingClientRect();
    return y < (top + bottom) / 2;
  };
}
