// fieldset[data-tick-all="Label"]: a button that ticks everyone in it, and unticks them again.
for (const group of document.querySelectorAll('fieldset[data-tick-all]')) {
  const boxes = [...group.querySelectorAll('input[type="checkbox"]')];
  if (boxes.length > 1) group.querySelector('legend').after(tickAll(group.dataset.tickAll, boxes));
}

function tickAll(label, boxes) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-quiet btn-s';
  button.textContent = label;
  button.addEventListener('click', () => {
    const tick = !boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = tick; });
  });
  return button;
}
