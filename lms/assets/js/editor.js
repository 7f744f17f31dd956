// form[data-editor]: the lesson's Markdown as rich text, saved while it is written.
// Without this script the text area takes the same Markdown.
import { Autosave } from './editor/autosave.js';
import { RichText } from './editor/rich-text.js';

const form = document.querySelector('form[data-editor]');
const ui = document.querySelector('template[data-editor-ui]');
const area = form?.elements.source;
// Dialogs came to Safari with 15.4: before that, Markdown it is.
const rich = area && ui && 'HTMLDialogElement' in window ? new RichText(form, area, ui) : null;
if (form) new Autosave(form, rich);
