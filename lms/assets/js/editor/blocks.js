// How blocks look while they are written: boxes with their heads, options with their ticks,
// pictures with their words. Heads are no part of the text, so the caret passes them by.
import { TextSelection } from 'prosemirror-state';
import { CALLOUTS } from './schema.js';

/** Node views for EditorView. @param {{words, media: Map, editPicture: Function}} surroundings */
export function nodeViews(surroundings) {
  const { words } = surroundings;
  return {
    callout: (node, view, getPos) => new Callout(node, view, getPos, words),
    check: (node, view, getPos) => new Box(node, view, getPos, words, 'check', words.check),
    check_option: (node, view, getPos) => new CheckOption(node, view, getPos, words),
    check_why: (node, view, getPos) => new Labelled(node, 'blockquote', 'ed-why', words.why),
    raw: (node) => new Labelled(node, 'div', 'ed-raw', words.raw, 'pre'),
    image: (node, view, getPos) => new Picture(node, view, getPos, surroundings),
  };
}

/** A block with a word above it that is not part of the text. */
class Labelled {
  constructor(node, tag, cls, label, inner) {
    this.type = node.type;
    this.dom = element(tag, cls);
    this.head = element('p', 'ed-head');
    this.head.contentEditable = 'false';
    this.head.textContent = label;
    this.contentDOM = element(inner ?? 'div', 'ed-body');
    this.dom.append(this.head, this.contentDOM);
  }

  update(node) {
    return node.type === this.type;
  }

  stopEvent(event) {
    return this.head.contains(event.target);
  }

  ignoreMutation(mutation) {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }
}

/** A box whose head can take it away. */
class Box extends Labelled {
  constructor(node, view, getPos, words, cls, label) {
    super(node, 'section', cls, '');
    this.head.className = 'ed-head';
    this.title = element('b');
    this.title.textContent = label;
    const remove = button(words.remove, () => {
      const at = getPos();
      const size = view.state.doc.nodeAt(at).nodeSize;
      view.dispatch(view.state.tr.delete(at, at + size).scrollIntoView());
      view.focus();
    });
    this.head.append(this.title, remove);
  }
}

class Callout {
  constructor(node, view, getPos, words) {
    this.node = node;
    this.dom = element('section', `callout ${node.attrs.kind}`);
    this.head = element('div', 'ed-head');
    this.head.contentEditable = 'false';
    this.kind = element('select', 'form-select');
    this.kind.setAttribute('aria-label', words.boxKind);
    this.kind.append(...CALLOUTS.map((kind) => new Option(words.callouts[kind], kind)));
    this.title = element('input', 'form-control');
    this.title.setAttribute('aria-label', words.boxTitle);
    this.title.placeholder = words.boxTitle;
    this.title.maxLength = 200;
    const set = (attrs) => view.dispatch(
      view.state.tr.setNodeMarkup(getPos(), null, { ...this.node.attrs, ...attrs }),
    );
    this.kind.addEventListener('change', () => set({ kind: this.kind.value }));
    this.title.addEventListener('input', () => set({ title: this.title.value }));
    const unwrap = button('×', () => {
      const at = getPos();
      const box = view.state.doc.nodeAt(at);
      view.dispatch(view.state.tr.replaceWith(at, at + box.nodeSize, box.content));
      view.focus();
    });
    unwrap.setAttribute('aria-label', words.unwrap);
    unwrap.title = words.unwrap;
    this.head.append(this.kind, this.title, unwrap);
    this.contentDOM = element('div', 'ed-body');
    this.dom.append(this.head, this.contentDOM);
    this.update(node);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.dom.className = `callout ${node.attrs.kind}`;
    this.kind.value = node.attrs.kind;
    if (this.title.value.trim() !== node.attrs.title.trim()) this.title.value = node.attrs.title;
    return true;
  }

  stopEvent(event) {
    return this.head.contains(event.target);
  }

  ignoreMutation(mutation) {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }
}

/** An answer of a quick check, ticked when it is a right one. */
class CheckOption {
  constructor(node, view, getPos, words) {
    this.dom = element('li', 'ed-option');
    this.tick = element('input', 'tick');
    this.tick.type = 'checkbox';
    this.tick.setAttribute('aria-label', words.right);
    this.tick.contentEditable = 'false';
    this.tick.addEventListener('change', () => {
      view.dispatch(view.state.tr.setNodeMarkup(getPos(), null, { right: this.tick.checked }));
    });
    this.contentDOM = element('div');
    this.dom.append(this.tick, this.contentDOM);
    this.type = node.type;
    this.update(node);
  }

  update(node) {
    if (node.type !== this.type) return false;
    this.tick.checked = node.attrs.right;
    return true;
  }

  stopEvent(event) {
    return event.target === this.tick;
  }

  ignoreMutation(mutation) {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }
}

/** A picture with the words that stand for it, or the name of a film or a document. */
class Picture {
  constructor(node, view, getPos, { words, media, editPicture }) {
    Object.assign(this, { words, media });
    this.dom = element('span', 'ed-picture');
    this.shown = element('span');
    this.caption = element('span', 'ed-caption');
    this.edit = button(words.editPicture, () => editPicture(getPos()));
    this.edit.addEventListener('mousedown', (event) => event.preventDefault());
    this.dom.append(this.shown, this.caption, this.edit);
    this.type = node.type;
    this.update(node);
  }

  update(node) {
    if (node.type !== this.type) return false;
    const { src, alt, pending } = node.attrs;
    const file = this.media.get(src);
    const isPicture = !file || file.type.startsWith('image/');
    this.dom.classList.toggle('is-file', !isPicture);
    this.dom.classList.toggle('has-no-words', !alt.trim() && !pending);
    this.shown.replaceChildren(...(file && isPicture ? [picture(file.url, alt)] : []));
    this.caption.textContent = pending ? this.words.uploading : this.describe(file, isPicture, src, alt);
    this.edit.hidden = Boolean(pending);
    return true;
  }

  describe(file, isPicture, src, alt) {
    if (!file) return `${src}: ${this.words.notThere}`;
    if (!isPicture) return `${alt || this.words.noTitle} · ${src}`;
    return alt.trim() || this.words.noAlt;
  }

  selectNode() {
    this.dom.classList.add('is-selected');
  }

  deselectNode() {
    this.dom.classList.remove('is-selected');
  }

  stopEvent(event) {
    return this.edit.contains(event.target);
  }

  ignoreMutation() {
    return true;
  }
}


/** Puts the caret into the first text place at or after a position. */
export function caretInto(tr, position) {
  return tr.setSelection(TextSelection.near(tr.doc.resolve(position), 1));
}

function picture(url, alt) {
  return Object.assign(element('img'), { src: url, alt });
}

function button(label, act) {
  const made = element('button', 'btn btn-quiet btn-s');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', act);
  return made;
}

function element(tag, cls = '') {
  const made = document.createElement(tag);
  if (cls) made.className = cls;
  return made;
}
