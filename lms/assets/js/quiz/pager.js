/**
 * The map of questions, and, on form[data-paged], one question at a time: all are in the page
 * already, so turning to the next needs no network.
 */
export class Pager {
  constructor(form, questions) {
    this.form = form;
    this.questions = questions;
    this.positions = [...questions.keys()];
    this.chips = new Map([...document.querySelectorAll('[data-chip]')].map((chip) => [chip.dataset.chip, chip]));
    if ('paged' in form.dataset) this.#startPaging();
  }

  mark(position, answered, flagged) {
    const chip = this.chips.get(position);
    if (!chip) return;
    chip.classList.toggle('is-answered', answered);
    chip.classList.toggle('is-flagged', flagged);
    const { msgNumber, msgAnswered, msgFlagged } = this.form.dataset;
    const states = [answered && msgAnswered, flagged && msgFlagged].filter(Boolean);
    chip.setAttribute('aria-label', [msgNumber.replace('{n}', position), ...states].join(', '));
    if (position === this.current) this.#showFlag();
  }

  #startPaging() {
    this.form.classList.add('is-paged');
    this.#bind('[data-go="previous"]', () => this.#turn(-1));
    this.#bind('[data-go="next"]', () => this.#turn(1));
    this.#bind('[data-flag]', () => this.#flagInput()?.click());
    for (const [position, chip] of this.chips) {
      chip.addEventListener('click', (event) => {
        event.preventDefault();
        this.#go(position);
      });
    }
    const asked = location.hash.slice(2);
    this.#go(this.questions.has(asked) ? asked : this.form.dataset.current ?? this.positions[0], false);
  }

  /** Without a script the button sends the form to turn the page; here it only turns it. */
  #bind(selector, act) {
    document.querySelector(selector)?.addEventListener('click', (event) => {
      event.preventDefault();
      act();
    });
  }

  #turn(step) {
    this.#go(this.positions[this.positions.indexOf(this.current) + step]);
  }

  #go(position, moveFocus = true) {
    this.current = position;
    for (const [key, question] of this.questions) question.classList.toggle('is-current', key === position);
    for (const [key, chip] of this.chips) {
      chip.toggleAttribute('aria-current', key === position);
      if (key === position) centre(chip);
    }
    history.replaceState(history.state, '', `#q${position}`);
    this.#showFoot();
    if (!moveFocus) return;
    window.scrollTo(0, 0);
    this.questions.get(position).focus({ preventScroll: true });
  }

  #showFoot() {
    const place = this.positions.indexOf(this.current);
    this.#label('previous', this.positions[place - 1]);
    this.#label('next', this.positions[place + 1]);
    const finish = document.querySelector('[data-finish]');
    if (finish) finish.hidden = place < this.positions.length - 1;
    this.#showFlag();
  }

  #label(direction, position) {
    const button = document.querySelector(`[data-go="${direction}"]`);
    if (!button) return;
    button.hidden = position === undefined;
    if (position) button.querySelector('[data-label]').textContent = this.form.dataset.msgNumber.replace('{n}', position);
  }

  #showFlag() {
    const button = document.querySelector('[data-flag]');
    if (!button) return;
    const input = this.#flagInput();
    button.hidden = !input;
    button.setAttribute('aria-pressed', String(input?.checked ?? false));
  }

  #flagInput() {
    return this.questions.get(this.current).querySelector('[data-flag-input]');
  }
}

/** On a phone the map is one line to swipe: keep the chip in the middle of it. */
function centre(chip) {
  const line = chip.closest('.qmap');
  line.scrollLeft = chip.offsetLeft - line.offsetLeft - (line.clientWidth - chip.offsetWidth) / 2;
}
