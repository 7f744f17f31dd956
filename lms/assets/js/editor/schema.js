// What a lesson may hold, as ProseMirror nodes and marks. Each has its line in our Markdown
// (docs/course-pack.md); what has none lives in a "raw" block, word for word.
import { Schema } from 'prosemirror-model';

export const CALLOUTS = ['objectives', 'example', 'law', 'note', 'speaker', 'summary'];
/** Levels that trainers choose from; the page's own title is level 1. */
export const HEADINGS = [2, 3, 4];
/** Where a link may lead, as courses/markdown.py has it. */
export const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

const nodes = {
  doc: { content: '(block | raw)+' },

  paragraph: {
    content: 'inline*',
    group: 'block',
    parseDOM: [{ tag: 'p' }],
    toDOM: () => ['p', 0],
  },

  heading: {
    attrs: { level: { default: 2 } },
    content: 'inline*',
    group: 'block',
    defining: true,
    // One step down: the page's own heading is the lesson's title.
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({
      tag: `h${level}`,
      getAttrs: (el) => ({ level: Number(el.dataset.level) || Math.min(level, 4) }),
    })),
    toDOM: (node) => [`h${node.attrs.level}`, { 'data-level': node.attrs.level }, 0],
  },

  blockquote: {
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [{ tag: 'blockquote' }],
    toDOM: () => ['blockquote', 0],
  },

  bullet_list: {
    attrs: { tight: { default: true } },
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ul', getAttrs: (el) => ({ tight: el.dataset.loose === undefined }) }],
    toDOM: (node) => ['ul', node.attrs.tight ? {} : { 'data-loose': '' }, 0],
  },

  ordered_list: {
    attrs: { order: { default: 1 }, tight: { default: true } },
    content: 'list_item+',
    group: 'block',
    parseDOM: [{
      tag: 'ol',
      getAttrs: (el) => ({
        order: el.hasAttribute('start') ? Math.max(0, el.start) : 1,
        tight: el.dataset.loose === undefined,
      }),
    }],
    toDOM: ({ attrs }) => ['ol', {
      ...(attrs.order === 1 ? {} : { start: attrs.order }),
      ...(attrs.tight ? {} : { 'data-loose': '' }),
    }, 0],
  },

  list_item: {
    content: 'block+',
    defining: true,
    parseDOM: [{ tag: 'li' }],
    toDOM: () => ['li', 0],
  },

  code_block: {
    attrs: { params: { default: '' } },
    content: 'text*',
    marks: '',
    group: 'block',
    code: true,
    defining: true,
    parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }],
    toDOM: () => ['pre', ['code', 0]],
  },

  horizontal_rule: { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: () => ['hr'] },

  callout: {
    attrs: { kind: { default: 'note' }, title: { default: '' } },
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [{
      tag: 'section[data-callout]',
      getAttrs: (el) => ({ kind: el.dataset.callout, title: el.dataset.title ?? '' }),
    }],
    toDOM: ({ attrs }) => ['section', { 'data-callout': attrs.kind, 'data-title': attrs.title }, 0],
  },

  check: {
    content: '(block | check_options | check_why)+',
    group: 'block',
    defining: true,
    isolating: true,
    parseDOM: [{ tag: 'section[data-check]' }],
    toDOM: () => ['section', { 'data-check': '' }, 0],
  },
  check_options: {
    content: 'check_option+',
    parseDOM: [{ tag: 'ul[data-options]', priority: 60 }],
    toDOM: () => ['ul', { 'data-options': '' }, 0],
  },
  check_option: {
    attrs: { right: { default: false } },
    content: 'inline*',
    parseDOM: [{
      tag: 'li[data-right]',
      priority: 60,
      getAttrs: (el) => ({ right: el.dataset.right === 'true' }),
    }],
    toDOM: (node) => ['li', { 'data-right': String(node.attrs.right) }, 0],
  },
  check_why: {
    content: 'block+',
    defining: true,
    parseDOM: [{ tag: 'blockquote[data-why]', priority: 60 }],
    toDOM: () => ['blockquote', { 'data-why': '' }, 0],
  },

  // Tables as GFM has them: a row of names, then rows of inline text; no spans.
  table: {
    content: 'table_row+',
    group: 'block',
    tableRole: 'table',
    isolating: true,
    parseDOM: [{ tag: 'table' }],
    toDOM: () => ['table', ['tbody', 0]],
  },
  table_row: {
    content: '(table_cell | table_header)*',
    tableRole: 'row',
    parseDOM: [{ tag: 'tr' }],
    toDOM: () => ['tr', 0],
  },
  table_cell: cell('td', 'cell'),
  table_header: cell('th', 'header_cell'),

  raw: {
    content: 'text*',
    marks: '',
    code: true,
    defining: true,
    isolating: true,
    parseDOM: [{ tag: 'pre[data-raw]', priority: 60, preserveWhitespace: 'full' }],
    toDOM: () => ['pre', { 'data-raw': '' }, 0],
  },

  text: { group: 'inline' },

  // A picture, or a film, a recording, a document: what its name in the course leads to.
  image: {
    attrs: { src: {}, alt: { default: '' }, title: { default: '' }, pending: { default: '' } },
    inline: true,
    group: 'inline',
    draggable: true,
    parseDOM: [{
      tag: 'img[src]',
      getAttrs: (el) => ({
        src: el.dataset.name || el.getAttribute('src'),
        alt: el.getAttribute('alt') ?? '',
        title: el.getAttribute('title') ?? '',
        pending: el.dataset.pending ?? '',
      }),
    }],
    toDOM: ({ attrs }) => ['img', { src: attrs.src, 'data-name': attrs.src, alt: attrs.alt, title: attrs.title }],
  },

  hard_break: {
    inline: true,
    group: 'inline',
    selectable: false,
    parseDOM: [{ tag: 'br' }],
    toDOM: () => ['br'],
  },
};

const marks = {
  link: {
    attrs: { href: {}, title: { default: '' } },
    inclusive: false,
    parseDOM: [{
      tag: 'a[href]',
      getAttrs: (el) => SAFE_LINK.test(el.getAttribute('href'))
        && { href: el.getAttribute('href'), title: el.getAttribute('title') ?? '' },
    }],
    toDOM: ({ attrs }) => ['a', { href: attrs.href, title: attrs.title || null }],
  },
  em: {
    parseDOM: [{ tag: 'i' }, { tag: 'em' }, { style: 'font-style=italic' }],
    toDOM: () => ['em'],
  },
  strong: {
    parseDOM: [
      { tag: 'strong' },
      // Google Docs wraps whole pages in a <b> that is not bold.
      { tag: 'b', getAttrs: (el) => el.style.fontWeight !== 'normal' && null },
      { style: 'font-weight', getAttrs: (weight) => /^(bold(er)?|[6-9]\d\d)$/.test(weight) && null },
    ],
    toDOM: () => ['strong'],
  },
  code: { excludes: '_', code: true, parseDOM: [{ tag: 'code' }], toDOM: () => ['code'] },
};

function cell(tag, tableRole) {
  return {
    attrs: { align: { default: '' }, colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } },
    content: '(text | image)*',
    tableRole,
    isolating: true,
    parseDOM: [{ tag, getAttrs: (el) => ({ align: el.dataset.align ?? '' }) }],
    toDOM: (node) => [tag, node.attrs.align ? { 'data-align': node.attrs.align } : {}, 0],
  };
}

export const schema = new Schema({ nodes, marks });
