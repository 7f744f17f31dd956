// What comes from the clipboard, made clean before the schema reads it: no styles, no hidden
// parts, tables without spans. Pictures with bytes are kept aside to be uploaded; those that
// lie elsewhere are counted and left out.
import { SAFE_LINK } from './schema.js';
import { isFromWord, tidyWord } from './word.js';

const GONE = 'script, style, meta, link, title, xml, template, iframe, object, embed, form > button, '
  + 'button, input, select, textarea, svg, canvas, noscript, video, audio';

/**
 * @param {string} html
 * @returns {{html: string, pictures: Map<string, string>, lost: number}} pictures: the mark
 *   put in their place -> the data: address that holds them
 */
export function cleanPasted(html) {
  const quiet = withoutStyles(html);
  const root = new DOMParser().parseFromString(quiet, 'text/html').body;
  // Our own copies come back as they went.
  if (root.querySelector('[data-pm-slice]')) return { html: quiet, pictures: new Map(), lost: 0 };
  dropUnseen(root);
  if (isFromWord(html)) tidyWord(root);
  for (const el of root.querySelectorAll('*')) if (el.localName.includes(':')) el.replaceWith(...el.childNodes);
  plainText(root);
  plainLinks(root);
  root.querySelectorAll('h1, h2, h3, h4, h5, h6').forEach(plainHeading);
  root.querySelectorAll('table').forEach(plainTable);
  const { pictures, lost } = takePictures(root);
  dropEmpty(root);
  root.querySelectorAll('*').forEach(dropAttributes);
  return { html: root.innerHTML, pictures, lost };
}

/** The policy of the page forbids styles and handlers even in what is only looked at. */
function withoutStyles(html) {
  return html.replace(/<style[\s\S]*?<\/style>/gi, '')
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s"'])(style|on[a-z]+)(\s*=)/gi, '$1data-$2$3'));
}

function dropUnseen(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  comments.forEach((comment) => comment.remove());
  root.querySelectorAll(GONE).forEach((el) => el.remove());
  root.querySelectorAll('[hidden], [aria-hidden="true"]').forEach((el) => el.remove());
}

/** NFC; no soft hyphens, no zero-width signs; no-break spaces, which Word indents with, plain. */
function plainText(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    node.data = node.data.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, '')
      .replace(/[\u00a0\u2007\u202f]/g, ' ').normalize('NFC');
  }
}

function plainLinks(root) {
  for (const link of root.querySelectorAll('a')) {
    if (!SAFE_LINK.test(link.getAttribute('href') ?? '')) link.replaceWith(...link.childNodes);
  }
}

/** One step down, for the page's own heading stands above; not bold once more. */
function plainHeading(heading) {
  const level = Math.min(Math.max(Number(heading.localName[1]) + 1, 2), 4);
  heading.querySelectorAll('b, strong, span[data-style*="bold"]').forEach((el) => el.replaceWith(...el.childNodes));
  const made = heading.ownerDocument.createElement(`h${level}`);
  made.append(...heading.childNodes);
  heading.replaceWith(made);
}

/** Rows of equally many cells with a line of text each; the first row names the columns. */
function plainTable(table) {
  if (!table.parentElement) return; // taken up into the text of a cell
  const isInner = table.parentElement.closest('table') !== null;
  if (isInner) {
    table.replaceWith(table.ownerDocument.createTextNode(lineOf(table)));
    return;
  }
  const grid = gridOf(table);
  const width = Math.max(0, ...grid.map((row) => row.length));
  const made = table.ownerDocument.createElement('table');
  grid.forEach((cells, at) => {
    const row = made.appendChild(table.ownerDocument.createElement('tr'));
    for (let column = 0; column < width; column += 1) {
      const cell = row.appendChild(table.ownerDocument.createElement(at ? 'td' : 'th'));
      if (cells[column]) fillCell(cell, cells[column], at === 0);
    }
  });
  table.replaceWith(...(grid.length ? [made] : []));
}

/** Cells by row and column, a span as its cell and empty ones. */
function gridOf(table) {
  const rows = [...table.querySelectorAll('tr')].filter((row) => row.closest('table') === table);
  const grid = rows.map(() => []);
  rows.forEach((row, at) => {
    let column = 0;
    for (const cell of [...row.children].filter((el) => /^t[dh]$/.test(el.localName))) {
      while (grid[at][column] !== undefined) column += 1;
      const across = Math.min(Math.max(cell.colSpan, 1), 30);
      const down = Math.min(Math.max(cell.rowSpan, 1), rows.length - at);
      for (let y = 0; y < down; y += 1) {
        for (let x = 0; x < across; x += 1) grid[at + y][column + x] = y || x ? null : cell;
      }
      column += across;
    }
  });
  return grid.filter((row) => row.some((cell) => cell && (cell.textContent.trim() || cell.querySelector('img'))));
}

/** The text of a cell in one line; in the row of names nothing is bold once more. */
function fillCell(cell, from, isName) {
  from.querySelectorAll('table').forEach((inner) => inner.replaceWith(lineOf(inner)));
  from.querySelectorAll('br').forEach((br) => br.replaceWith(' '));
  from.querySelectorAll('p, div, li, h1, h2, h3, h4, h5, h6').forEach((block) => {
    block.after(' ');
    block.replaceWith(...block.childNodes);
  });
  from.querySelectorAll('ul, ol, blockquote, section').forEach((block) => block.replaceWith(...block.childNodes));
  if (isName) from.querySelectorAll('b, strong').forEach((el) => el.replaceWith(...el.childNodes));
  cell.append(...from.childNodes);
  cell.normalize();
}

function lineOf(el) {
  return ` ${el.textContent.replace(/\s+/g, ' ').trim()} `;
}

function takePictures(root) {
  const pictures = new Map();
  let lost = 0;
  for (const image of root.querySelectorAll('img')) {
    const src = image.getAttribute('src') ?? '';
    if (/^data:image\/(png|jpe?g|webp|gif|bmp|svg\+xml)[;,]/i.test(src)) {
      const mark = `pasted-${Date.now().toString(36)}-${pictures.size + 1}`;
      pictures.set(mark, src);
      image.setAttribute('data-pending', mark);
      image.setAttribute('src', mark);
      image.setAttribute('alt', wordsOf(image));
    } else {
      // Of a size that nobody sees: counters and spacers are no loss.
      if (!(image.width <= 2 && image.hasAttribute('width'))) lost += 1;
      image.remove();
    }
  }
  return { pictures, lost };
}

/** Word describes a picture by its file's name or "A picture containing …": not worth keeping. */
function wordsOf(image) {
  const alt = (image.getAttribute('alt') ?? '').replace(/[[\]\\]/g, '').replace(/\s+/g, ' ').trim();
  return /\.(png|jpe?g|gif|bmp|emf|wmf|webp)$/i.test(alt) || /^(a |image|picture|hình ảnh có)/i.test(alt) ? '' : alt;
}

function dropEmpty(root) {
  for (const el of [...root.querySelectorAll('p, h2, h3, h4, li, blockquote, b, strong, i, em, span, div')].reverse()) {
    if (!el.textContent.trim() && !el.querySelector('img, table, br')) {
      if (el.textContent) el.replaceWith(' ');
      else el.remove();
    }
  }
  for (const el of root.querySelectorAll('p')) if (!el.textContent.trim() && !el.querySelector('img')) el.remove();
}

const KEPT = { a: ['href', 'title'], img: ['src', 'alt', 'data-pending'], ol: ['start'] };

function dropAttributes(el) {
  const kept = KEPT[el.localName] ?? [];
  const look = /^(b|i|em|strong|span)$/.test(el.localName) ? emphasisOf(el) : '';
  for (const { name } of [...el.attributes]) if (!kept.includes(name)) el.removeAttribute(name);
  if (look === null) el.replaceWith(...el.childNodes);
  else if (look) wrapInside(el, look);
}

/** What a style says besides its tag: names of tags to add; null when it takes the tag back. */
function emphasisOf(el) {
  // What Word says for itself alone, like mso-bidi-font-weight, is not meant.
  const style = (el.dataset.style ?? '').replace(/mso-[^:;]*:[^;]*/gi, '');
  const isBold = /font-weight:\s*(bold|[6-9]00)/i.test(style);
  if (/^(b|strong)$/.test(el.localName) && /font-weight:\s*(normal|[1-4]00)/i.test(style)) return null;
  if (/^(i|em)$/.test(el.localName) && /font-style:\s*normal/i.test(style)) return null;
  const tags = [];
  if (isBold && !/^(b|strong)$/.test(el.localName) && !el.closest('h2, h3, h4, th')) tags.push('strong');
  if (/font-style:\s*italic/i.test(style) && !/^(i|em)$/.test(el.localName)) tags.push('em');
  return tags;
}

function wrapInside(el, tags) {
  for (const tag of tags) {
    const made = el.ownerDocument.createElement(tag);
    made.append(...el.childNodes);
    el.append(made);
  }
}
