// Word puts lists on the clipboard as paragraphs that only look like lists. Here they become
// lists again, and what only Word understands goes.

const NUMBERED = /^\(?(\d+|[a-zđ]|[ivxlc]+)[.)]/i;

/** Tells whether a pasted document comes from Word or from another office suite like it. */
export function isFromWord(html) {
  return /\bmso-|\bMso[A-Z]|urn:schemas-microsoft-com:office/.test(html);
}

/** Changes a parsed clipboard document in place. */
export function tidyWord(root) {
  dropHidden(root);
  for (const paragraph of root.querySelectorAll('p.MsoTitle')) rename(paragraph, 'h1');
  for (const paragraph of root.querySelectorAll('p.MsoQuote, p.MsoIntenseQuote')) wrap(paragraph, 'blockquote');
  for (const span of root.querySelectorAll('ins')) span.replaceWith(...span.childNodes);
  for (const heading of root.querySelectorAll('h1, h2, h3, h4, h5, h6')) keepNumber(heading);
  gatherLists(root);
}

/** The number of a heading that Word counts is part of its text; it makes no list of it. */
function keepNumber(heading) {
  const marker = markerOf(heading);
  if (marker) marker.replaceWith(`${signOf(marker)} `);
}

function dropHidden(root) {
  const gone = 'del, .MsoCommentReference, .MsoCommentText, [data-style*="mso-element:comment"], '
    + '[data-style*="mso-hide:all"], [data-style*="display:none"], [data-style*="mso-special-character:comment"]';
  for (const el of root.querySelectorAll(gone)) el.remove();
  // Deleted text of another language of Word's, and what stands for a page break.
  for (const br of root.querySelectorAll('br[data-style*="page-break"], br[clear]')) br.remove();
}

function gatherLists(root) {
  let open = []; // the lists we are in: {level, list}
  let last = null; // the element that the next entry has to follow
  for (const paragraph of [...root.querySelectorAll('p')]) {
    const level = listLevel(paragraph);
    if (!level) {
      open = [];
      continue;
    }
    if (open.length && nextElement(last) !== paragraph) open = [];
    open = addEntry(open, level, paragraph);
    last = open[0].list;
  }
}

/** The level that Word gives an entry; 0 when it is none. */
function listLevel(paragraph) {
  const style = paragraph.dataset.style ?? '';
  const level = /mso-list:\s*\S+\s+level(\d)/.exec(style)?.[1];
  return level && markerOf(paragraph) ? Number(level) : 0;
}

/** The span with the bullet or the number, which Word tells others to ignore. */
function markerOf(paragraph) {
  return [...paragraph.querySelectorAll('span')].find((span) => /mso-list:\s*ignore/i.test(span.dataset.style ?? ''));
}

function signOf(marker) {
  return marker.textContent.replace(/[\s\u00a0]+/g, '');
}

function addEntry(open, level, paragraph) {
  const marker = markerOf(paragraph);
  const sign = signOf(marker);
  marker.remove();
  const kind = NUMBERED.test(sign) ? 'ol' : 'ul';
  const start = Number.parseInt(sign, 10);
  const lists = open.filter((entry) => entry.level <= level);
  let here = lists.at(-1);
  if (here && here.level === level && here.list.localName !== kind && lists.length === 1) here = null;
  if (!here || here.level < level) {
    const list = paragraph.ownerDocument.createElement(kind);
    if (start > 1) list.setAttribute('start', start);
    if (here) here.list.lastElementChild.append(list);
    else paragraph.before(list);
    here = { level, list };
    if (lists.at(-1)?.level === level) lists.pop();
    lists.push(here);
  }
  const entry = paragraph.ownerDocument.createElement('li');
  entry.append(...paragraph.childNodes);
  paragraph.remove();
  here.list.append(entry);
  return lists;
}

function nextElement(el) {
  return el?.nextElementSibling ?? null;
}

function rename(el, name) {
  const made = el.ownerDocument.createElement(name);
  made.append(...el.childNodes);
  el.replaceWith(made);
  return made;
}

function wrap(el, name) {
  const made = el.ownerDocument.createElement(name);
  el.replaceWith(made);
  made.append(el);
}
