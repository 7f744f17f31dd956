// What the toolbar and the keys do. Each is a ProseMirror command: (state, dispatch) => able.
import {
  baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn,
} from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import {
  InputRule, inputRules, textblockTypeInputRule, wrappingInputRule,
} from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import { Selection, TextSelection } from 'prosemirror-state';
import {
  addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable,
} from 'prosemirror-tables';
import { caretInto } from './blocks.js';
import { CALLOUTS, schema } from './schema.js';

const { nodes, marks } = schema;

export const COMMANDS = {
  strong: toggleMark(marks.strong),
  em: toggleMark(marks.em),
  code: toggleMark(marks.code),
  bullet_list: toggleList(nodes.bullet_list),
  ordered_list: toggleList(nodes.ordered_list),
  indent: sinkListItem(nodes.list_item),
  outdent: liftListItem(nodes.list_item),
  blockquote: toggleWrap(nodes.blockquote),
  undo,
  redo,
  table: insertTable,
  check: (state, dispatch) => insertBlock(state, dispatch, emptyCheck()),
  horizontal_rule: (state, dispatch) => insertBlock(state, dispatch, nodes.horizontal_rule.create()),
  row: addRowAfter,
  column: addColumnAfter,
  drop_row: keepNames(deleteRow),
  drop_column: deleteColumn,
  drop_table: deleteTable,
};

/** Where a command stands on or off, for aria-pressed. */
export const IS_ON = {
  strong: (state) => hasMark(state, marks.strong),
  em: (state) => hasMark(state, marks.em),
  code: (state) => hasMark(state, marks.code),
  link: (state) => hasMark(state, marks.link),
  bullet_list: (state) => isInside(state, nodes.bullet_list),
  ordered_list: (state) => isInside(state, nodes.ordered_list),
  blockquote: (state) => isInside(state, nodes.blockquote),
};

/** 'p', 'h2', 'h3' or 'h4': what the block at the caret is or becomes. */
export function blockStyle(state) {
  const { parent } = state.selection.$from;
  if (parent.type === nodes.heading) return `h${parent.attrs.level}`;
  return parent.type === nodes.paragraph ? 'p' : '';
}

export function setBlockStyle(style) {
  if (style === 'p') return setBlockType(nodes.paragraph);
  return setBlockType(nodes.heading, { level: Number(style.slice(1)) });
}

/** A box around what is chosen; around the block at the caret when nothing is. */
export function wrapInCallout(kind) {
  return wrapIn(nodes.callout, { kind });
}

/** Puts a block after the one at the caret, or in place of an empty paragraph. */
export function insertBlock(state, dispatch, block) {
  const { $from } = state.selection;
  let depth = $from.depth;
  while (depth > 0 && !$from.node(depth - 1).canReplaceWith($from.index(depth - 1), $from.index(depth - 1), block.type)) depth -= 1;
  if (depth === 0) return false;
  if (!dispatch) return true;
  const isEmpty = $from.node(depth).type === nodes.paragraph && $from.node(depth).content.size === 0;
  const at = isEmpty ? $from.before(depth) : $from.after(depth);
  const tr = isEmpty ? state.tr.replaceWith(at, $from.after(depth), block) : state.tr.insert(at, block);
  dispatch(caretInto(tr, at + 1).scrollIntoView());
  return true;
}

/** A picture or a file stands in a paragraph of its own. */
export function insertPicture(attrs) {
  return (state, dispatch) => {
    const image = nodes.image.create(attrs);
    const { $from } = state.selection;
    if ($from.parent.type !== nodes.paragraph && $from.parent.canReplaceWith($from.index(), $from.index(), nodes.image)) {
      dispatch?.(state.tr.replaceSelectionWith(image).scrollIntoView());
      return true;
    }
    return insertBlock(state, dispatch, nodes.paragraph.create(null, image));
  };
}

/** Text, a link when there is somewhere to lead to. */
export function insertText(text, href = '') {
  return (state, dispatch) => {
    const mark = href ? [marks.link.create({ href })] : [];
    if (!state.selection.$from.parent.inlineContent) return false;
    dispatch?.(state.tr.replaceSelectionWith(schema.text(text, mark), false).scrollIntoView());
    return true;
  };
}

/** The stretch of the link at the caret: {from, to, href}, or null. */
export function linkAt(state) {
  const { $from, from, to, empty } = state.selection;
  if (!empty) {
    const mark = marks.link.isInSet($from.nodeAfter?.marks ?? []);
    return mark ? { from, to, href: mark.attrs.href } : null;
  }
  let found = null;
  $from.parent.forEach((child, offset) => {
    const start = $from.start() + offset;
    const mark = marks.link.isInSet(child.marks);
    if (!mark || from < start || from > start + child.nodeSize) return;
    found = { from: start, to: start + child.nodeSize, href: mark.attrs.href };
  });
  return found;
}

export function setLink({ from, to }, href) {
  return (state, dispatch) => {
    const tr = state.tr.removeMark(from, to, marks.link);
    dispatch?.(href ? tr.addMark(from, to, marks.link.create({ href })) : tr);
    return true;
  };
}

/** The keys. Tab is left to the browser outside tables: nobody is caught in the text. */
export function keys(actions) {
  const hardBreak = chainCommands(exitCode, (state, dispatch) => {
    if (!state.selection.$from.parent.type.contentMatch.matchType(nodes.hard_break)) return false;
    dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
    return true;
  });
  const own = keymap({
    'Mod-z': undo,
    'Mod-y': redo,
    'Shift-Mod-z': redo,
    'Mod-b': COMMANDS.strong,
    'Mod-i': COMMANDS.em,
    'Mod-k': actions.link,
    'Shift-Mod-7': COMMANDS.ordered_list,
    'Shift-Mod-8': COMMANDS.bullet_list,
    'Mod-]': COMMANDS.indent,
    'Mod-[': COMMANDS.outdent,
    'Alt-Mod-0': setBlockStyle('p'),
    'Alt-Mod-2': setBlockStyle('h2'),
    'Alt-Mod-3': setBlockStyle('h3'),
    'Alt-Mod-4': setBlockStyle('h4'),
    'Shift-Enter': hardBreak,
    'Mod-Enter': leaveBlock,
    Enter: chainCommands(leaveOptions, nextRow, splitListItem(nodes.list_item)),
    Tab: goToNextCell(1),
    'Shift-Tab': goToNextCell(-1),
    'Alt-F10': actions.toolbar,
  });
  return [own, keymap(baseKeymap)];
}

/** "## ", "- ", "1. ", "> " at the start of a block, as Markdown writers are used to. */
export function typingRules() {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{2,4})\s$/, nodes.heading, (match) => ({ level: match[1].length })),
      wrappingInputRule(/^\s*([-*])\s$/, nodes.bullet_list),
      wrappingInputRule(/^(\d{1,3})\.\s$/, nodes.ordered_list, (match) => ({ order: Number(match[1]) }),
        (match, node) => node.childCount + node.attrs.order === Number(match[1])),
      wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
      new InputRule(new RegExp(`^:::\\s?(${CALLOUTS.join('|')})\\s$`), (state, match, start, end) => {
        const $start = state.doc.resolve(start);
        const range = $start.blockRange();
        if (!range) return null;
        return state.tr.delete(start, end).wrap(range, [{ type: nodes.callout, attrs: { kind: match[1] } }]);
      }),
    ],
  });
}

function emptyCheck() {
  const option = (right) => nodes.check_option.create({ right });
  return nodes.check.create(null, [
    nodes.paragraph.create(),
    nodes.check_options.create(null, [option(true), option(false)]),
    nodes.check_why.create(null, nodes.paragraph.create()),
  ]);
}

function insertTable(state, dispatch) {
  const row = (type) => nodes.table_row.create(null, [0, 1, 2].map(() => type.create()));
  const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
  return !isInTable(state) && insertBlock(state, dispatch, table);
}

/** The row of names is what makes a table readable, and Markdown has none without it. */
function keepNames(command) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      if ($from.node(depth).type === nodes.table && $from.index(depth) === 0) return false;
    }
    return command(state, dispatch);
  };
}

function toggleList(type) {
  const other = type === nodes.bullet_list ? nodes.ordered_list : nodes.bullet_list;
  return (state, dispatch) => {
    const list = listAround(state);
    if (list?.node.type === type) return liftListItem(nodes.list_item)(state, dispatch);
    if (list?.node.type === other) {
      dispatch?.(state.tr.setNodeMarkup(list.at, type, { tight: list.node.attrs.tight }));
      return true;
    }
    return wrapInList(type)(state, dispatch);
  };
}

function listAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === nodes.bullet_list || node.type === nodes.ordered_list) return { node, at: $from.before(depth) };
  }
  return null;
}

function toggleWrap(type) {
  return (state, dispatch) => (isInside(state, type) ? lift : wrapIn(type))(state, dispatch);
}

function isInside(state, type) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type === type) return true;
  return false;
}

function hasMark(state, type) {
  const { from, to, empty, $from } = state.selection;
  if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}

/** Enter in an empty last option goes on to what stands after the options. */
function leaveOptions(state, dispatch) {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== nodes.check_option || $from.parent.content.size) return false;
  const options = $from.node(-1);
  if (options.childCount < 2 || $from.index(-1) !== options.childCount - 1) return false;
  if (dispatch) {
    const tr = state.tr.delete($from.before(), $from.after());
    const after = tr.mapping.map($from.after(-1));
    const next = Selection.findFrom(tr.doc.resolve(after), 1, true);
    dispatch((next ? tr.setSelection(next) : tr).scrollIntoView());
  }
  return true;
}

/** Enter in a table goes to the row below; after the last row, out of the table. */
function nextRow(state, dispatch) {
  const { $from } = state.selection;
  const cell = $from.parent;
  if (cell.type !== nodes.table_cell && cell.type !== nodes.table_header) return false;
  const table = $from.node(-2);
  const row = $from.index(-2) + 1;
  if (row >= table.childCount) return leaveBlock(state, dispatch);
  if (!dispatch) return true;
  let at = $from.start(-2);
  for (let n = 0; n < row; n += 1) at += table.child(n).nodeSize;
  const below = table.child(row);
  for (let n = 0; n < Math.min($from.index(-1), below.childCount - 1); n += 1) at += below.child(n).nodeSize;
  dispatch(caretInto(state.tr, at + 2).scrollIntoView());
  return true;
}

/** Goes on in a new paragraph after the whole block, out of any box or table. */
function leaveBlock(state, dispatch) {
  const { $to } = state.selection;
  if (!$to.depth) return false;
  const after = $to.after(1);
  if (dispatch) {
    const tr = state.tr.insert(after, nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  }
  return true;
}
