// [data-document]: shows a PDF page by page, each drawn when it comes near, with text that
// can be selected and read out. Without it the link to the file stays.
import * as pdf from 'pdfjs-dist/legacy/build/pdf.min.mjs';
import { Paper } from './document/paper.js';
import { Teller } from './video/teller.js';

const root = document.querySelector('[data-document]');
if (root) open();

async function open() {
  const state = root.querySelector('[data-paper-state]');
  state.textContent = root.dataset.msgLoading;
  pdf.GlobalWorkerOptions.workerSrc = root.dataset.worker;
  try {
    const file = await pdf.getDocument({
      url: root.dataset.document,
      isEvalSupported: false, // no code out of a file
      enableXfa: false,
      useWasm: false, // the page's policy forbids it; scans are decoded by scripts
      wasmUrl: root.dataset.parts,
      disableAutoFetch: true, // only the pages that are looked at, for slow networks
      rangeChunkSize: 262144,
    }).promise;
    await show(file);
    state.textContent = '';
  } catch (error) {
    console.error(error);
    state.textContent = root.dataset.msgFailed;
    for (const part of ['[data-paper-bar]', '[data-paper-pages]']) root.querySelector(part).hidden = true;
  }
}

async function show(file) {
  const pages = root.querySelector('[data-paper-pages]');
  for (const part of ['[data-paper-bar]', '[data-paper-pages]']) root.querySelector(part).hidden = false;
  const paper = new Paper(pdf, file, pages, root.dataset.msgPage);
  await paper.lay();
  moveEndBehind(pages);
  const number = root.querySelector('[data-paper-number]');
  number.max = file.numPages;
  root.querySelector('[data-paper-count]').textContent = ` / ${file.numPages}`;
  const teller = root.dataset.url && new Teller({ url: root.dataset.url, token: root.dataset.token, message: () => ({ position: paper.page }) });
  let wait;
  paper.onPage = (page) => {
    if (document.activeElement !== number) number.value = page;
    clearTimeout(wait);
    if (teller) wait = setTimeout(() => teller.tell(), 1500);
  };
  number.addEventListener('change', () => paper.goTo(Number(number.value)));
  const acts = {
    back: () => paper.goTo(paper.page - 1),
    on: () => paper.goTo(paper.page + 1),
    smaller: () => paper.zoom(1 / 1.25),
    larger: () => paper.zoom(1.25),
  };
  for (const button of root.querySelectorAll('[data-paper]')) button.addEventListener('click', acts[button.dataset.paper]);
  pages.addEventListener('keydown', (event) => {
    const act = { PageUp: acts.back, PageDown: acts.on, ArrowLeft: acts.back, ArrowRight: acts.on, '+': acts.larger, '-': acts.smaller }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  if (Number(root.dataset.place) > 1) paper.goTo(Number(root.dataset.place));
}

/** The lesson ends where the last page does: lesson.js looks out for this mark. */
function moveEndBehind(pages) {
  const end = document.querySelector('[data-lesson-end]');
  if (end) pages.append(end);
}
