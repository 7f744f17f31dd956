// A document to Markdown. A block that nobody touched is written as it was read; any other
// in one settled way, so that the same document always gives the same text.
import { MarkdownSerializer, MarkdownSerializerState } from 'prosemirror-markdown';
import { lettersOf } from './dialect.js';
import { waysToWrite } from './emphasis.js';

/** What was read and not touched since: node -> {source, before, gap}. */
const asItWas = new WeakMap();

/** Remembers the very words of a block, the block before it and the space between the two. */
export function rememberOriginal(node, source, before, gap) {
  asItWas.set(node, { source, before, gap });
}

/** @param doc  @param {boolean} anew  write every block anew, as if all had been touched */
export function writeMarkdown(doc, anew = false) {
  let out = '';
  let before = null;
  let textBefore = '';
  doc.forEach((node) => {
    const kept = anew ? undefined : originalOf(node, before);
    const text = kept?.source ?? writeBlock(node, before?.type === node.type ? markerOf(textBefore) : '');
    if (!text) return;
    if (out) out += kept?.before === before ? kept.gap : '\n\n';
    out += text;
    before = node;
    textBefore = text;
  });
  return out;
}

/** The very words of a block, unless they would mean another thing after another block. */
function originalOf(node, before) {
  const kept = asItWas.get(node);
  if (!kept || kept.before === before) return kept;
  const isIndented = /^( {4}|\t)/.test(kept.source);
  return isIndented || (before && before.type === node.type && LISTS.includes(node.type.name)) ? undefined : kept;
}

/** One block by itself; a list takes another marker than the list right before it. */
export function writeBlock(node, markerBefore = '') {
  const state = new MarkdownSerializerState(serializer.nodes, serializer.marks, {});
  state.markerBefore = markerBefore;
  state.render(node, node, 0);
  return state.out.replace(/\s+$/, '');
}

/** The Markdown of a part of a document, as it goes to the clipboard. */
export function writeSlice(slice) {
  return serializer.serialize(slice.content);
}

/** What a list begins its entries with: a bullet, or the sign after its numbers. */
function markerOf(text) {
  return /^ *(?:\d+)?(\S)/.exec(text)?.[1] ?? '';
}

const LISTS = ['bullet_list', 'ordered_list'];

const nodes = {
  paragraph(state, node) {
    if (node.childCount) renderInline(state, node, true);
    state.closeBlock(node);
  },
  heading(state, node) {
    state.write(`${'#'.repeat(node.attrs.level)} `);
    const start = state.out.length;
    renderInline(state, node, false);
    const text = state.out.slice(start).replace(/\\?\n/g, ' ').replace(/(^|\s)(#+\s*)$/, '$1\\$2');
    state.out = state.out.slice(0, start) + text;
    state.closeBlock(node);
  },
  blockquote(state, node) {
    state.wrapBlock('> ', null, node, () => state.renderContent(node));
  },
  bullet_list(state, node, parent, index) {
    const marker = another(state, node, parent, index, '-', '*');
    state.renderList(node, '  ', () => `${marker} `);
  },
  ordered_list(state, node, parent, index) {
    const dot = another(state, node, parent, index, '.', ')');
    // Only a list that begins with 1 may stand right under a paragraph.
    if (node.attrs.order !== 1 && state.closed?.type.name === 'paragraph') state.flushClose(2);
    const width = String(node.attrs.order + node.childCount - 1).length + 2;
    state.renderList(node, ' '.repeat(width), (at) => `${node.attrs.order + at}${dot}`.padEnd(width));
  },
  list_item(state, node) {
    state.renderContent(node);
  },
  code_block(state, node) {
    const fence = '`'.repeat(Math.max(3, longest(node.textContent, /`+/g) + 1));
    state.write(`${fence}${node.attrs.params}\n`);
    state.text(node.textContent, false);
    if (node.textContent) state.write('\n');
    state.write(fence);
    state.closeBlock(node);
  },
  horizontal_rule(state, node) {
    state.write('---');
    state.closeBlock(node);
  },
  callout(state, node) {
    box(state, node, `${node.attrs.kind} ${node.attrs.title.replace(/\s+/g, ' ')}`.trim());
  },
  check(state, node) {
    box(state, node, 'check');
  },
  check_options(state, node) {
    const options = node.content.content.filter((option) => option.childCount);
    if (!options.length) return;
    joinParagraph(state);
    options.forEach((option, at) => {
      if (at) state.flushClose(1);
      state.wrapBlock('  ', '- ', option, () => {
        state.write(`[${option.attrs.right ? 'x' : ' '}] `);
        renderInline(state, option, false);
      });
    });
    state.closeBlock(node);
  },
  check_why(state, node) {
    if (!node.textContent && node.childCount === 1 && !node.firstChild.childCount) return;
    if (state.closed?.type.name === 'check_options') state.flushClose(1);
    state.wrapBlock('> ', null, node, () => state.renderContent(node));
  },
  table(state, node) {
    const rows = [];
    node.forEach((row) => rows.push(row));
    const width = Math.max(...rows.map((row) => row.childCount));
    rows.forEach((row, at) => {
      if (at) state.ensureNewLine();
      state.write(tableLine(width, (column) => (column < row.childCount ? cellText(row.child(column)) : '')));
      if (at) return;
      state.ensureNewLine();
      const rules = Array.from({ length: width }, (_, column) => RULE[row.maybeChild(column)?.attrs.align ?? '']);
      state.write(`|${rules.join('|')}|`);
    });
    state.closeBlock(node);
  },
  raw(state, node) {
    state.text(node.textContent, false);
    state.closeBlock(node);
  },
  image(state, { attrs }) {
    if (attrs.pending) return; // still on its way to the server
    const title = attrs.title ? ` "${attrs.title.replace(/["\\]/g, '\\$&')}"` : '';
    state.write(`![${attrs.alt.replace(/\s+/g, ' ')}](${address(attrs.src)}${title})`);
  },
  hard_break(state, node, parent, index) {
    for (let next = index + 1; next < parent.childCount; next += 1) {
      if (parent.child(next).type === node.type) continue;
      state.write('\\\n');
      return;
    }
  },
  text(state, node) {
    const startsLine = state.atBlockStart || /\n[ >]*$/.test(state.out.slice(-80));
    state.text(escapeText(node.text, startsLine), false);
  },
};

const marks = {
  em: { open: '*', close: '*', mixable: true, expelEnclosingWhitespace: true },
  strong: { open: '**', close: '**', mixable: true, expelEnclosingWhitespace: true },
  link: {
    open: '[',
    close: (_state, { attrs }) => {
      const title = attrs.title ? ` "${attrs.title.replace(/["\\]/g, '\\$&')}"` : '';
      return `](${address(attrs.href)}${title})`;
    },
    mixable: true,
  },
  code: {
    open: (_state, _mark, parent, index) => ticks(parent.child(index).text, true),
    close: (_state, _mark, parent, index) => ticks(parent.child(index - 1).text, false),
    escape: false,
  },
};

const serializer = new MarkdownSerializer(nodes, marks);

/** Characters that would mean something get a backslash; the rest stays as it is. */
export function escapeText(text, startsLine) {
  const inside = text
    .replace(/[\\`*[\]_]/g, (sign, at) => (sign === '_' && isInWord(text, at) ? sign : `\\${sign}`))
    .replace(/<(?=[A-Za-z/!?])/g, '\\<')
    .replace(/&(?=#?\w+;)/g, '\\&');
  if (!startsLine) return inside;
  return inside
    .replace(/^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|:{3,}|~{3,}|=+\s*$|-+\s*$|(?:- *){3,}$)/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)](?=\s|$))/, '$1\\$2')
    .replace(/^\s+/, '');
}

function isInWord(text, at) {
  return /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') && /[\p{L}\p{N}]/u.test(text[at + 1] ?? '');
}

/**
 * The text of a block. Whatever becomes of its emphasis, what is read back has the same
 * letters: a way of writing that would show a stray asterisk is not taken.
 */
function renderInline(state, node, startsLine) {
  const letters = textOf(node);
  const before = { out: state.out, closed: state.closed };
  for (const rebuilt of waysToWrite(node)) {
    Object.assign(state, before);
    state.write();
    const start = state.out.length;
    state.renderInline(rebuilt(), startsLine);
    if (lettersOf(state.out.slice(start).split(`\n${state.delim}`).join('\n')) === letters) return;
  }
}

function textOf(node) {
  let text = '';
  node.forEach((child) => {
    if (child.isText) text += child.text;
    else if (child.type.name === 'image' && !child.attrs.pending) text += `![${child.attrs.alt}]`;
  });
  return text.replace(/\s+/g, '');
}

/** A box between lines of colons, more of them than any line inside begins with. */
function box(state, node, info) {
  const inside = new MarkdownSerializerState(serializer.nodes, serializer.marks, {});
  inside.renderContent(node);
  const fence = ':'.repeat(Math.max(3, longest(inside.out, /:{3,}/g) + 1));
  state.write(`${fence} ${info}`);
  state.ensureNewLine();
  const wasTight = state.inTightList;
  state.inTightList = false;
  state.renderContent(node);
  state.inTightList = wasTight;
  state.flushClose(1);
  state.write(fence);
  state.closeBlock(node);
}

/** An option or a reason stands right under the line before it. */
function joinParagraph(state) {
  if (state.closed?.type.name === 'paragraph' && state.closed.childCount) state.flushClose(1);
}

/** The marker of a list: the other one when a list of its kind stands right before it. */
function another(state, node, parent, index, usual, other) {
  if (parent === node) {
    return state.markerBefore === usual ? other : usual;
  }
  let lists = 0;
  while (lists < index && parent.child(index - 1 - lists).type === node.type) lists += 1;
  return lists % 2 ? other : usual;
}

const RULE = { '': '---', left: ':--', center: ':-:', right: '--:' };

function tableLine(width, text) {
  return `| ${Array.from({ length: width }, (_, column) => text(column)).join(' | ')} |`;
}

function cellText(node) {
  const state = new MarkdownSerializerState(serializer.nodes, serializer.marks, {});
  renderInline(state, node, false);
  return state.out.trim().replace(/\|/g, '\\|').replace(/\n/g, ' ');
}

function address(text) {
  return text.replace(/[\s<>]/g, (c) => encodeURIComponent(c)).replace(/[()]/g, '\\$&');
}

function ticks(text, opens) {
  const run = longest(text, /`+/g);
  const fence = '`'.repeat(run === 1 ? 2 : run ? run + 1 : 1);
  const space = /^`|`$|^ .* $/.test(text) ? ' ' : '';
  return opens ? fence + space : space + fence;
}

function longest(text, pattern) {
  return Math.max(0, ...[...text.matchAll(pattern)].map((found) => found[0].length));
}
