/** The outline as it stands on the page: what is where, moved, told and sent. */
export class Outline {
  constructor(place) {
    this.place = place;
    this.words = JSON.parse(place.dataset.words);
    this.live = document.querySelector('[data-outline-live]');
    this.seen = this.order();
  }

  modules() {
    return [...this.place.querySelectorAll('[data-module]')];
  }

  /** Lists that lessons may be put into: not those of modules repeated from elsewhere. */
  lists() {
    return [...this.place.querySelectorAll('[data-module]:not([data-fixed]) ul[data-lessons]')];
  }

  lessons(list) {
    return [...list.querySelectorAll(':scope > [data-lesson]')];
  }

  items() {
    return [...this.modules(), ...this.lists().flatMap((list) => this.lessons(list))];
  }

  isModule(item) {
    return item.dataset.module !== undefined;
  }

  titleOf(item) {
    return item.dataset.title;
  }

  headOf(item) {
    return this.isModule(item) ? item.querySelector('[data-module-head]') : item;
  }

  /** Modules by id, each with the keys of its lessons: what the server knows as an order. */
  order() {
    return this.modules().map((module) => [
      Number(module.dataset.module),
      [...module.querySelectorAll('[data-lesson]')].map((lesson) => lesson.dataset.lesson),
    ]);
  }

  /** One place up (-1) or down (1), a lesson into the next module past an end. */
  step(item, by) {
    if (this.isModule(item)) {
      const modules = this.modules();
      const other = modules[modules.indexOf(item) + by];
      if (other) this.put(item, other.parentElement, by < 0 ? other : other.nextElementSibling);
      return Boolean(other);
    }
    const lists = this.lists();
    const list = item.parentElement;
    const lessons = this.lessons(list);
    const at = lessons.indexOf(item) + by;
    if (lessons[at]) this.put(item, list, by < 0 ? lessons[at] : lessons[at].nextElementSibling);
    else {
      const next = lists[lists.indexOf(list) + by];
      if (!next) return false;
      this.put(item, next, by < 0 ? null : next.firstElementChild);
    }
    return true;
  }

  put(item, parent, before) {
    if (before !== item) parent.insertBefore(item, before);
  }

  /** Where it stands now, in words. */
  say(item, words) {
    const [title, siblings] = this.isModule(item)
      ? [this.titleOf(item), this.modules()]
      : [this.titleOf(item), this.lessons(item.parentElement)];
    const inside = this.isModule(item) ? '' : this.titleOf(item.closest('[data-module]'));
    this.tell(words.replace('{title}', title).replace('{n}', siblings.indexOf(item) + 1)
      .replace('{all}', siblings.length).replace('{module}', inside));
  }

  tell(text, isTrouble = false) {
    this.live.textContent = text;
    this.live.classList.toggle('is-refused', isTrouble);
  }

  /** Remembers how it was; the answer puts it back. */
  remember() {
    const places = this.items().map((item) => [item, item.parentElement, item.nextElementSibling]);
    return () => {
      for (const [item, parent, next] of places.reverse()) parent.insertBefore(item, next);
    };
  }

  /** Sends the order when it is a new one; puts everything back when it is refused. */
  async send(putBack) {
    const order = this.order();
    if (JSON.stringify(order) === JSON.stringify(this.seen)) return;
    this.tell(this.words.saving);
    const body = new URLSearchParams({
      csrf_token: this.place.dataset.token,
      seen: JSON.stringify(this.seen),
      order: JSON.stringify(order),
    });
    try {
      const response = await fetch(this.place.dataset.url, {
        method: 'POST', body, redirect: 'manual', headers: { Accept: 'application/json' },
      });
      const reply = await response.json().catch(() => ({}));
      if (!response.ok) throw new Error(reply.advice || this.words.refused);
      this.seen = reply.order;
      this.tell(this.words.saved);
      this.#showSteps();
    } catch (error) {
      putBack();
      this.tell(error instanceof TypeError ? this.words.noNetwork : error.message, true);
    }
  }

  /** The first has nowhere to go up, the last nowhere down. */
  #showSteps() {
    const modules = this.modules();
    const lessons = modules.flatMap((module) => [...module.querySelectorAll('[data-lesson]')]);
    for (const line of [modules, lessons]) {
      line.forEach((item, at) => {
        const form = this.headOf(item).querySelector('form[data-steps]');
        form?.querySelector('[value="up"]').toggleAttribute('hidden', at === 0);
        form?.querySelector('[value="down"]').toggleAttribute('hidden', at === line.length - 1);
      });
    }
  }
}
