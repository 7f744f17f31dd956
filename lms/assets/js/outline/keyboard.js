/**
 * Space takes an item up, the arrows carry it, Space puts it down, Escape takes it back.
 * Alt with an arrow does all of it at once.
 */
export function moveWithKeys(handle, item, outline) {
  let putBack = null;

  const settle = (words) => {
    handle.setAttribute('aria-pressed', 'false');
    item.classList.remove('is-held');
    outline.say(item, words);
    putBack = null;
  };

  handle.setAttribute('aria-pressed', 'false');
  handle.addEventListener('keydown', (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      if (putBack) {
        const back = putBack;
        settle(outline.words.moved);
        outline.send(back);
        return;
      }
      putBack = outline.remember();
      handle.setAttribute('aria-pressed', 'true');
      item.classList.add('is-held');
      outline.say(item, outline.words.held);
    } else if (event.key === 'Escape' && putBack) {
      event.stopPropagation();
      putBack();
      settle(outline.words.back);
      handle.focus();
    } else if (by && (putBack || event.altKey)) {
      event.preventDefault();
      carry(by);
    }
  });
  handle.addEventListener('blur', () => {
    // Moving it in the page takes the focus for a moment; leaving it puts it down.
    setTimeout(() => {
      if (!putBack || document.activeElement === handle) return;
      const back = putBack;
      settle(outline.words.moved);
      outline.send(back);
    });
  });

  function carry(by) {
    const back = putBack ?? outline.remember();
    if (!outline.step(item, by)) return;
    handle.focus();
    outline.say(item, outline.words.at);
    if (!putBack) outline.send(back);
  }
}
