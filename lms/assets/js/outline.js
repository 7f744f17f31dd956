// [data-outline]: modules and lessons put in order by dragging or by keyboard.
// Without this script the buttons "up" and "down" do the same, one place at a time.
import { Outline } from './outline/outline.js';
import { dragWithPointer } from './outline/pointer.js';
import { moveWithKeys } from './outline/keyboard.js';

const place = document.querySelector('[data-outline]');
if (place) start(new Outline(place));

function start(outline) {
  const grip = document.querySelector('template[data-grip]').content.firstElementChild;
  for (const item of outline.items()) {
    const handle = grip.cloneNode(true);
    handle.setAttribute('aria-label', handle.dataset.label.replace('{title}', outline.titleOf(item)));
    outline.headOf(item).querySelector('form[data-steps]').append(handle);
    dragWithPointer(handle, item, outline);
    moveWithKeys(handle, item, outline);
  }
}
