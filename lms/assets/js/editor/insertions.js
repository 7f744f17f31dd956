// What is put into a text by asking first: links, articles of the law, pictures, files, boxes.
import { NodeSelection } from 'prosemirror-state';
import { COMMANDS, insertPicture, insertText, linkAt, setLink, wrapInCallout } from './commands.js';
import { ask, lawWords } from './dialogs.js';
import { isPicture, sendPicture, takeFromLibrary } from './pictures.js';
import { SAFE_LINK } from './schema.js';

export class Insertions {
  /** The view is set once it is open. */
  constructor({ dialogs, words, media, upload, tell }) {
    Object.assign(this, { dialogs, words, media, upload, tell, view: null });
  }

  /** By the names that the toolbar and the keys know. */
  actions() {
    const does = (act) => (state) => { act(state); return true; };
    return {
      insert: does(() => this.askInsert()),
      link: does((state) => this.askLink(state)),
      law: does(() => this.askLaw()),
      file: does(() => this.askFile()),
      picture: does(() => this.askPicture()),
    };
  }

  #run(command) {
    command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
  }

  async askInsert() {
    await ask(this.dialogs.insert);
    const choice = this.dialogs.insert.returnValue;
    this.view.focus();
    const [name, kind] = choice.split(':');
    if (name === 'callout') this.#run(wrapInCallout(kind));
    else if (COMMANDS[name]) this.#run(COMMANDS[name]);
    else this.actions()[name]?.(this.view.state);
  }

  async askLink(state) {
    const here = linkAt(state);
    const { from, to, empty } = state.selection;
    const chosen = here ?? { from, to, href: '' };
    const text = state.doc.textBetween(chosen.from, chosen.to, ' ');
    const { dialog, form } = formOf(this.dialogs.link);
    form.elements.text.closest('.field').hidden = !empty || Boolean(here);
    form.elements.text.required = empty && !here;
    form.querySelector('[data-remove]').hidden = !here;
    const answer = await ask(dialog, { href: here?.href ?? '', text });
    if (!answer) return this.view.focus();
    const href = answer.get('answer') === 'remove' ? '' : linked(answer.get('href'));
    return this.#run(empty && !here ? insertText(answer.get('text'), href) : setLink(chosen, href));
  }

  async askLaw() {
    const answer = await ask(this.dialogs.law);
    if (!answer) return this.view.focus();
    return this.#run(insertText(lawWords(answer), answer.get('href') ? linked(answer.get('href')) : ''));
  }

  async askFile() {
    const { dialog, form } = formOf(this.dialogs.file);
    const files = [...this.media.values()].filter((file) => !isPicture(file) && !/vtt|zip/.test(file.type));
    const group = (label, some) => {
      const made = Object.assign(document.createElement('optgroup'), { label });
      made.append(...some.map((file) => new Option(file.title ?? file.name, file.name)));
      return made;
    };
    form.elements.file.replaceChildren(
      group(this.words.ofCourse, files.filter((file) => !file.library)),
      group(this.words.ofLibrary, files.filter((file) => file.library)),
    );
    dialog.classList.toggle('has-none', files.length === 0);
    const answer = await ask(dialog);
    const src = answer && await this.#nameOf(answer.get('file'));
    if (!src) return this.view.focus();
    return this.#run(insertPicture({ src, alt: plainWords(answer.get('title')) }));
  }

  /** The name in the course of what was chosen, taken there from the library first; '' in trouble. */
  async #nameOf(chosen) {
    const file = this.media.get(chosen);
    if (!file?.library) return chosen;
    return this.#keep(() => takeFromLibrary(this.upload, file.library), chosen);
  }

  async #keep(act, inPlaceOf = '') {
    try {
      this.tell(this.words.uploading);
      const kept = await act();
      this.media.delete(inPlaceOf);
      this.media.set(kept.name, kept);
      this.tell(this.words.pictureKept);
      return kept.name;
    } catch (error) {
      this.tell(error.message, true);
      return '';
    }
  }

  async askPicture() {
    const chosen = await this.#choosePicture('', '');
    if (chosen) this.#run(insertPicture(chosen));
    else this.view.focus();
  }

  async editPicture(position) {
    const node = this.view.state.doc.nodeAt(position);
    const file = this.media.get(node.attrs.src);
    const isFile = file && !isPicture(file);
    const chosen = isFile ? await this.#titleFile(node) : await this.#choosePicture(node.attrs.src, node.attrs.alt);
    if (!chosen) return this.view.focus();
    const { tr } = this.view.state;
    this.view.dispatch(tr.setNodeMarkup(position, null, { ...node.attrs, ...chosen }));
    this.view.dispatch(this.view.state.tr.setSelection(NodeSelection.create(this.view.state.doc, position)));
    return this.view.focus();
  }

  async #titleFile(node) {
    const { dialog, form } = formOf(this.dialogs.file);
    form.elements.file.replaceChildren(new Option(node.attrs.src, node.attrs.src));
    dialog.classList.remove('has-none');
    const answer = await ask(dialog, { title: node.attrs.alt });
    return answer && { alt: plainWords(answer.get('title')) };
  }

  /** Asks for a picture of the course, of the library or a new one, and for its words. */
  async #choosePicture(src, alt) {
    const { dialog, form } = formOf(this.dialogs.picture);
    const pictures = [...this.media.values()].filter(isPicture);
    for (const field of dialog.querySelectorAll('[data-of]')) {
      const some = pictures.filter((file) => Boolean(file.library) === (field.dataset.of === 'library'));
      field.querySelector('div').replaceChildren(...some.map((file) => choiceOf(file)));
      field.hidden = some.length === 0;
    }
    form.elements.file.oninput = () => {
      form.querySelectorAll('[name="picture"]').forEach((radio) => { radio.checked = false; });
    };
    form.onchange = ({ target }) => {
      // What the library says of a picture serves here as well.
      const words = target.name === 'picture' && this.media.get(target.value)?.alt;
      if (words && !form.elements.alt.value.trim()) form.elements.alt.value = words;
    };
    const answer = await ask(dialog, pictures.length ? { picture: src, alt } : { alt });
    if (!answer) return null;
    const file = answer.get('file');
    const name = file?.size
      ? await this.#keep(() => sendPicture(this.upload, file, file.name))
      : await this.#nameOf(answer.get('picture') ?? '');
    return name ? { src: name, alt: plainWords(answer.get('alt')) } : null;
  }
}

function formOf(dialog) {
  return { dialog, form: dialog.querySelector('form') };
}

/** Square brackets would end the words of a picture too early. */
function plainWords(text) {
  return text.replace(/\[/g, '(').replace(/\]/g, ')').replace(/\\/g, '').replace(/\s+/g, ' ').trim();
}

function linked(text) {
  const href = text.trim();
  return SAFE_LINK.test(href) ? href : `https://${href}`;
}

function choiceOf(file) {
  const label = document.createElement('label');
  const radio = Object.assign(document.createElement('input'), { type: 'radio', name: 'picture', value: file.name });
  const image = Object.assign(document.createElement('img'), { src: file.url, alt: '', loading: 'lazy' });
  const name = document.createElement('span');
  name.textContent = file.title ?? file.name.replace(/^images\//, '');
  label.append(radio, image, name);
  return label;
}
