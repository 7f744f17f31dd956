// The dialogs of the editor: forms that the server has written, filled in and asked here.

/** Opens a dialog and waits. @returns {Promise<FormData|null>} null when it was called off */
export function ask(dialog, values = {}) {
  const form = dialog.querySelector('form');
  form.reset();
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      if (!dialog.returnValue || dialog.returnValue === 'cancel') return resolve(null);
      const answer = new FormData(form);
      answer.set('answer', dialog.returnValue);
      return resolve(answer);
    }, { once: true });
  });
}

/** Cancel buttons close without checking what is filled in. */
export function closeOnCancel(dialogs) {
  for (const dialog of dialogs) {
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog || event.target.closest('[data-cancel]')) dialog.close('cancel');
    });
  }
}

/** "khoản 1 Điều 21 Luật Bình đẳng giới": an article of the law as officials write it. */
export function lawWords(answer) {
  const part = (name, word) => {
    const text = (answer.get(name) ?? '').trim();
    return text ? `${word} ${text} ` : '';
  };
  return `${part('point', 'điểm')}${part('clause', 'khoản')}${part('article', 'Điều')}${answer.get('law')}`.trim();
}
