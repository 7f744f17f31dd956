// Markdown to a document. Every block is checked: read, written and read again it must show
// the same; a block that does not is kept word for word in a "raw" block.
import { MarkdownParser } from 'prosemirror-markdown';
import { markdown } from './dialect.js';
import { CALLOUTS, schema } from './schema.js';
import { rememberOriginal, writeBlock } from './writing.js';

/** Stands before an option of a quick check; ticked when it is a right one. */
const MARK = /^\[([ xX])\]/;
const CLOSING_FENCE = /^ {0,3}:{3,}\s*$/;

/** @param {string} source  @returns a doc node of the schema */
export function readMarkdown(source) {
  const lines = source.replace(/\r\n?/g, '\n').split('\n');
  const env = {};
  const blocks = [];
  let line = 0;
  for (const { start, end, tokens } of stretches(markdown.parse(lines.join('\n'), env), lines)) {
    const text = lines.slice(start, end).join('\n');
    const node = (tokens && representable(text, tokens, env)) ?? rawBlock(text);
    rememberOriginal(node, text, blocks.at(-1) ?? null, `\n${lines.slice(line, start).map((blank) => `${blank}\n`).join('')}`);
    blocks.push(node);
    line = end;
  }
  return schema.nodes.doc.create(null, blocks.length ? blocks : schema.nodes.paragraph.create());
}

/** Blocks with their lines; what stands between them and is not blank are definitions of links. */
function stretches(tokens, lines) {
  const found = [];
  let line = 0;
  const add = (start, end, group) => {
    let [first, last] = [start, end];
    while (first < last && !lines[first].trim()) first += 1;
    while (first < last && !lines[last - 1].trim()) last -= 1;
    if (first < last) found.push({ start: first, end: last, tokens: group });
  };
  for (const group of topLevel(tokens)) {
    const [start, end] = extent(group[0], lines);
    add(line, start, null);
    add(start, end, group);
    line = end;
  }
  add(line, lines.length, null);
  return found;
}

function representable(text, tokens, env) {
  try {
    const doc = documentOf(tokens);
    if (doc.childCount !== 1) return null;
    const shown = (source) => squeezed(markdown.render(source, { references: env.references }));
    return shown(writeBlock(doc.firstChild)) === shown(text) ? doc.firstChild : null;
  } catch {
    return null; // a token or an order of nodes that the schema has no place for
  }
}

export function rawBlock(text) {
  return schema.nodes.raw.create(null, text ? schema.text(text) : null);
}

function topLevel(tokens) {
  const groups = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) groups.push([]);
    groups.at(-1).push(token);
    depth += token.nesting;
  }
  return groups;
}

function extent(token, lines) {
  const [start, end] = token.map;
  const isBox = token.type.startsWith('container_');
  return [start, isBox && CLOSING_FENCE.test(lines[end] ?? '') ? end + 1 : end];
}

function squeezed(html) {
  return html.replace(/\s+/g, ' ').replace(/> </g, '><');
}

const RULES = {
  paragraph: { block: 'paragraph' },
  heading: { block: 'heading', getAttrs: (token) => ({ level: Number(token.tag.slice(1)) }) },
  blockquote: { block: 'blockquote' },
  bullet_list: { block: 'bullet_list', getAttrs: (_t, tokens, at) => ({ tight: isTight(tokens, at) }) },
  ordered_list: {
    block: 'ordered_list',
    getAttrs: (token, tokens, at) => ({
      order: Number(token.attrGet('start') ?? 1),
      tight: isTight(tokens, at),
    }),
  },
  list_item: { block: 'list_item' },
  code_block: { block: 'code_block', noCloseToken: true },
  fence: { block: 'code_block', getAttrs: (token) => ({ params: token.info.trim() }), noCloseToken: true },
  hr: { node: 'horizontal_rule' },
  container_check: { block: 'check' },
  check_options: { block: 'check_options' },
  check_option: { block: 'check_option', getAttrs: (token) => ({ right: token.meta.right }) },
  check_why: { block: 'check_why' },
  table: { block: 'table' },
  thead: { ignore: true },
  tbody: { ignore: true },
  tr: { block: 'table_row' },
  th: { block: 'table_header', getAttrs: alignOf },
  td: { block: 'table_cell', getAttrs: alignOf },
  image: {
    node: 'image',
    // As written: the page shows the words between the brackets, not what they mean.
    getAttrs: (token) => ({ src: token.attrGet('src'), alt: token.content, title: token.attrGet('title') ?? '' }),
  },
  hardbreak: { node: 'hard_break' },
  em: { mark: 'em' },
  strong: { mark: 'strong' },
  code_inline: { mark: 'code', noCloseToken: true },
  link: {
    mark: 'link',
    getAttrs: (token) => ({ href: token.attrGet('href'), title: token.attrGet('title') ?? '' }),
  },
  ...Object.fromEntries(CALLOUTS.map((kind) => [`container_${kind}`, {
    block: 'callout',
    getAttrs: (token) => ({ kind, title: token.info.trim().slice(kind.length).trim() }),
  }])),
};

let atHand = [];
const parser = new MarkdownParser(schema, { parse: () => atHand }, RULES);

/** The document of these very tokens, quick checks told apart. */
function documentOf(tokens) {
  atHand = markChecks(tokens);
  return parser.parse('');
}

/** In a quick check: lists whose entries begin with [ ] or [x] hold options, quotes say why. */
function markChecks(tokens) {
  const out = [];
  let inside = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token.type === 'container_check_open') inside = true;
    if (token.type === 'container_check_close') inside = false;
    const end = inside && token.type === 'bullet_list_open' ? closing(tokens, at) : -1;
    const options = end < 0 ? null : optionsOf(tokens.slice(at + 1, end));
    if (options) {
      out.push(like(token, 'check_options_open', 1), ...options, like(token, 'check_options_close', -1));
      at = end;
    } else if (inside && token.type === 'inline' && MARK.test(token.content)) {
      throw new RangeError('a mark outside a list of options');
    } else if (inside && /^blockquote_(open|close)$/.test(token.type)) {
      out.push(like(token, token.type.replace('blockquote', 'check_why'), token.nesting));
    } else {
      out.push(token);
    }
  }
  return out;
}

/** The tokens of options, or null when the list is an ordinary one. */
function optionsOf(tokens) {
  const out = [];
  for (let at = 0; at < tokens.length; at += 5) {
    const [item, open, inline, close, end] = tokens.slice(at, at + 5);
    const types = [item, open, inline, close, end].map((token) => token?.type).join(' ');
    const mark = MARK.exec(inline?.content ?? '');
    const first = inline?.children?.[0];
    const isOption = types === 'list_item_open paragraph_open inline paragraph_close list_item_close';
    if (!isOption || !open.hidden || !mark || first?.type !== 'text') return null;
    const [head, ...rest] = inline.children;
    const text = like(inline, 'inline', 0);
    const content = head.content.slice(3).trimStart();
    if (!content && rest[0]?.type === 'softbreak') rest.shift();
    text.children = [Object.assign(like(head, 'text', 0), { content }), ...rest];
    const opening = Object.assign(like(item, 'check_option_open', 1), { meta: { right: mark[1] !== ' ' } });
    out.push(opening, text, like(end, 'check_option_close', -1));
  }
  return out;
}

function closing(tokens, at) {
  let depth = 0;
  for (let end = at; end < tokens.length; end += 1) {
    depth += tokens[end].nesting;
    if (depth === 0) return end;
  }
  return -1;
}

function like(token, type, nesting) {
  return Object.assign(Object.create(Object.getPrototypeOf(token)), token, { type, nesting });
}

function isTight(tokens, at) {
  for (let next = at + 1; next < tokens.length; next += 1) {
    if (tokens[next].type === 'paragraph_open') return tokens[next].hidden;
    if (tokens[next].type.endsWith('list_open')) return isTight(tokens, next);
    if (tokens[next].type !== 'list_item_open') return true;
  }
  return true;
}

function alignOf(token) {
  return { align: /text-align:(\w+)/.exec(token.attrGet('style') ?? '')?.[1] ?? '' };
}
