// form[data-upload]: sends its file in parts that survive a cut network and a closed tab (tus).
// Without this script the form sends the whole file at once, as any form does.
import { begin } from './upload/sending.js';
import { watch } from './upload/waiting.js';

document.querySelectorAll('form[data-upload]').forEach(begin);
document.querySelectorAll('[data-works]').forEach(watch);
