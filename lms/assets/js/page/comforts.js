// Controls that need a script are rendered hidden and shown here.

/** [data-dismiss]: a button that removes the message around it. */
export function dismissMessages() {
  for (const button of document.querySelectorAll('[data-dismiss]')) {
    button.hidden = false;
    button.addEventListener('click', () => button.closest('[data-message]').remove());
  }
}

/** [data-copy="#id"] copies that element's value or text; its label becomes data-copied. */
export function copyText() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const source = document.querySelector(button.dataset.copy);
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      button.setAttribute('aria-live', 'polite');
      button.textContent = button.dataset.copied;
    });
  }
}

/** [data-print]: opens the print dialogue. */
export function printPage() {
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
}
