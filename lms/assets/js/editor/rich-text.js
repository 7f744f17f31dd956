// The rich text over a text area. The text area stays the truth that the form sends.
import { dropCursor } from 'prosemirror-dropcursor';
import { gapCursor } from 'prosemirror-gapcursor';
import { history } from 'prosemirror-history';
import { EditorState, Plugin } from 'prosemirror-state';
import { isInTable, tableEditing } from 'prosemirror-tables';
import { EditorView } from 'prosemirror-view';
import { nodeViews } from './blocks.js';
import { keys, typingRules } from './commands.js';
import { closeOnCancel } from './dialogs.js';
import { Insertions } from './insertions.js';
import { cleanPasted } from './pasting.js';
import { bringFiles, bringPasted, isPicture } from './pictures.js';
import { readMarkdown } from './reading.js';
import { schema } from './schema.js';
import { Toolbar } from './toolbar.js';
import { writeMarkdown, writeSlice } from './writing.js';

const MODE = 'editor-mode';
const TROUBLE_MS = 10000;

export class RichText {
  constructor(form, area, ui) {
    this.area = area;
    this.words = JSON.parse(ui.dataset.words);
    this.media = new Map(JSON.parse(ui.dataset.media).map((file) => [file.name, file]));
    this.upload = { url: ui.dataset.uploadUrl, libraryUrl: ui.dataset.libraryUrl, token: form.elements.csrf_token.value, words: this.words };
    this.#place(ui);
    this.view = this.#open();
    this.bars = this.frame.querySelectorAll('[role="toolbar"]');
    this.toolbars = [...this.bars].map((bar) => new Toolbar(bar, this.view, this.actions));
    this.#show(rememberedMode());
    this.#update();
    form.addEventListener('submit', () => this.sync(), true);
  }

  /** Brings the text area up to date; the source mode writes into it itself. */
  sync() {
    if (this.mode === 'rich') {
      const text = writeMarkdown(this.view.state.doc);
      if (text !== this.area.value) this.area.value = text;
    }
    return this.area.value;
  }

  /** Puts another text in place of all, as when a kept copy is brought back. */
  replace(source) {
    this.area.value = source;
    const { state } = this.view;
    const doc = readMarkdown(source);
    this.view.dispatch(state.tr.replaceWith(0, state.doc.content.size, doc.content));
  }

  #place(ui) {
    const parts = ui.content.cloneNode(true);
    this.frame = parts.querySelector('[data-editor-frame]');
    this.place = this.frame.querySelector('[data-editor-place]');
    this.note = this.frame.querySelector('[data-editor-note]');
    this.dialogs = Object.fromEntries(
      [...parts.querySelectorAll('dialog')].map((dialog) => [dialog.dataset.dialog, dialog]),
    );
    this.area.before(this.frame);
    document.body.append(...Object.values(this.dialogs));
    closeOnCancel(Object.values(this.dialogs));
    this.toggle = this.frame.querySelector('[data-source-toggle]');
    this.toggle.addEventListener('click', () => this.#show(this.mode === 'rich' ? 'source' : 'rich'));
    document.querySelector(`label[for="${this.area.id}"]`)?.addEventListener('click', () => {
      if (this.mode === 'rich') this.view.focus();
    });
    this.dialogs.insert.addEventListener('click', (event) => {
      const choice = event.target.closest('[data-insert]');
      if (choice) this.dialogs.insert.close(choice.dataset.insert);
    });
  }

  #open() {
    const surroundings = {
      words: this.words,
      media: this.media,
      upload: this.upload,
      tell: (text, isTrouble) => this.tell(text, isTrouble),
    };
    let waiting = new Map();
    const insertions = new Insertions({ ...surroundings, dialogs: this.dialogs });
    this.actions = {
      ...insertions.actions(),
      toolbar: () => { this.toolbars[0].focus(); return true; },
    };
    surroundings.editPicture = (position) => insertions.editPicture(position);
    const view = new EditorView(this.place, {
      state: EditorState.create({
        doc: readMarkdown(this.area.value),
        plugins: [
          typingRules(), ...keys(this.actions), history(), dropCursor({ class: 'ed-drop', color: false }),
          gapCursor(), tableEditing(), lastParagraph(),
        ],
      }),
      attributes: this.#attributes(),
      nodeViews: nodeViews(surroundings),
      transformPastedHTML: (html) => {
        const cleaned = cleanPasted(html);
        waiting = cleaned.pictures;
        if (cleaned.lost) this.tell(this.words.picturesLost.replace('{n}', cleaned.lost), true);
        return cleaned.html;
      },
      clipboardTextSerializer: writeSlice,
      handlePaste: (_view, event) => this.#takeFiles(event, event.clipboardData, surroundings),
      handleDrop: (_view, event) => this.#takeFiles(event, event.dataTransfer, surroundings),
      dispatchTransaction: (transaction) => {
        view.updateState(view.state.apply(transaction));
        if (transaction.docChanged) this.#changed();
        if (waiting.size && transaction.getMeta('paste')) {
          const pictures = waiting;
          waiting = new Map();
          bringPasted(view, pictures, surroundings);
        }
        this.#update();
      },
    });
    insertions.view = view;
    return view;
  }

  #attributes() {
    return {
      class: 'prose ed-text',
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': this.words.text,
      'aria-describedby': this.area.getAttribute('aria-describedby') ?? '',
      lang: 'vi',
      spellcheck: 'true',
      'data-test': 'rich-text',
    };
  }

  #takeFiles(event, data, surroundings) {
    const pictures = [...(data?.files ?? [])].filter(isPicture);
    // Word puts a drawing of the text beside the text itself.
    if (!pictures.length || data.types.includes('text/html')) return false;
    event.preventDefault();
    bringFiles(this.view, pictures, surroundings);
    return true;
  }

  /** A word on what happened, read out as well. */
  tell(text, isTrouble = false) {
    // Good news does not push bad news away before it is read.
    if (!isTrouble && Date.now() - this.troubledAt < TROUBLE_MS) return;
    if (isTrouble) this.troubledAt = Date.now();
    this.note.textContent = text;
    this.note.classList.toggle('is-refused', isTrouble);
  }

  #changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.sync();
      this.area.dispatchEvent(new Event('input', { bubbles: true }));
    }, 150);
  }

  #update() {
    this.toolbars?.forEach((toolbar) => toolbar.update(this.view));
    const tools = this.frame.querySelector('[data-table-tools]');
    tools.hidden = !isInTable(this.view.state);
  }

  #show(mode) {
    if (this.mode === 'rich' && mode === 'source') this.sync();
    else if (this.mode === 'source' && this.area.value !== writeMarkdown(this.view.state.doc)) this.replace(this.area.value);
    this.mode = mode;
    this.area.hidden = mode === 'rich';
    this.place.hidden = mode === 'source';
    this.frame.classList.toggle('is-source', mode === 'source');
    this.toggle.setAttribute('aria-pressed', String(mode === 'source'));
    try {
      localStorage.setItem(MODE, mode);
    } catch {
      // kept for the next time only where that is allowed
    }
  }
}

function rememberedMode() {
  try {
    return localStorage.getItem(MODE) === 'source' ? 'source' : 'rich';
  } catch {
    return 'rich';
  }
}

/** There is always somewhere to go on writing; an empty paragraph leaves no trace. */
function lastParagraph() {
  return new Plugin({
    appendTransaction: (_transactions, _before, state) => {
      if (state.doc.lastChild.type === schema.nodes.paragraph) return null;
      return state.tr.insert(state.doc.content.size, schema.nodes.paragraph.create());
    },
  });
}
