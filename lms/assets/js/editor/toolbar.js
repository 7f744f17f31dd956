// A toolbar as the ARIA practices have it: one stop of the Tab key, arrows inside.
import { blockStyle, COMMANDS, IS_ON, setBlockStyle } from './commands.js';

export class Toolbar {
  /** @param {Element} dom  role=toolbar  @param {Object<string, Function>} actions  by data-do */
  constructor(dom, view, actions) {
    Object.assign(this, { dom, view, actions });
    this.controls = [...dom.querySelectorAll('button, select')];
    this.controls.forEach((control, at) => { control.tabIndex = at ? -1 : 0; });
    dom.addEventListener('keydown', (event) => this.#move(event));
    dom.addEventListener('focusin', (event) => this.#stop(event.target));
    // The caret stays in the text when a button is pressed with the pointer.
    dom.addEventListener('mousedown', (event) => {
      if (event.target.closest('button')) event.preventDefault();
    });
    dom.addEventListener('click', (event) => this.#press(event.target.closest('button[data-do]')));
    this.style = dom.querySelector('select[data-style]');
    this.style?.addEventListener('change', () => {
      setBlockStyle(this.style.value)(view.state, view.dispatch);
      view.focus();
    });
    this.update(view);
  }

  focus() {
    this.controls.find((control) => control.tabIndex === 0 && !control.disabled)?.focus();
  }

  update({ state }) {
    for (const control of this.controls) {
      const name = control.dataset.do;
      if (IS_ON[name]) control.setAttribute('aria-pressed', String(IS_ON[name](state)));
      // Not "disabled": a control that vanishes under the focus loses it.
      if (COMMANDS[name]) control.setAttribute('aria-disabled', String(!COMMANDS[name](state)));
    }
    if (this.style) this.style.value = blockStyle(state);
  }

  #press(button) {
    if (!button || button.getAttribute('aria-disabled') === 'true') return;
    const { view } = this;
    const command = COMMANDS[button.dataset.do];
    if (!command) {
      this.actions[button.dataset.do]?.(view.state, view.dispatch, view);
      return;
    }
    command(view.state, view.dispatch, view);
    // Pressed by keyboard, the focus stays here; by pointer it never left the text.
    if (!this.dom.contains(document.activeElement)) view.focus();
  }

  #move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === 'Escape') this.view.focus();
    if (event.target.localName === 'select' && step === undefined && !/Home|End/.test(event.key)) return;
    const shown = this.controls.filter((control) => control.offsetParent !== null);
    const at = shown.indexOf(event.target);
    const next = event.key === 'Home' ? shown[0]
      : event.key === 'End' ? shown.at(-1)
        : step && shown[(at + step + shown.length) % shown.length];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #stop(control) {
    if (!this.controls.includes(control)) return;
    for (const other of this.controls) other.tabIndex = other === control ? 0 : -1;
  }
}
