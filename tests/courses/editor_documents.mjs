// Makes documents as a careless writer might, writes each as Markdown and reads it back.
// Answers a list of {written, letters, back, raw}: the letters before and after.
import { readMarkdown } from '../../lms/assets/js/editor/reading.js';
import { schema } from '../../lms/assets/js/editor/schema.js';
import { writeMarkdown } from '../../lms/assets/js/editor/writing.js';

const { nodes, marks } = schema;
const [, , seed, count] = process.argv.map(Number);
const WORDS = [
  'giới', 'bình đẳng', 'Điều 21', 'đ', 'a_b', '“x”', ':', '.', '(', ')', ' ', '*', '_', '1.', '#', '-', '>',
  '|', '[', ']', '!', '&amp;', '<b>', '`', '\\', ':::', '~~~', '=', '+',
];

let state = seed;
/** From 0 to 1; the same numbers each time (mulberry32). */
function chance() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = (list) => list[Math.floor(chance() * list.length)];
const some = (most, make) => Array.from({ length: 1 + Math.floor(chance() * most) }, make);

function piece() {
  const chosen = [];
  if (chance() < 0.3) chosen.push(marks.strong.create());
  if (chance() < 0.25) chosen.push(marks.em.create());
  if (chance() < 0.15) chosen.push(marks.link.create({ href: 'https://a.vn/(x)' }));
  if (!chosen.length && chance() < 0.1) chosen.push(marks.code.create());
  return schema.text(some(4, () => pick(WORDS)).join(pick(['', ' '])), chosen);
}
const line = () => [schema.text(pick(['giới', 'Điều'])), ...some(4, piece)];
const cell = (type) => type.create({ align: pick(['', 'right']) }, line());
const item = (depth) => nodes.list_item.create(null, [
  nodes.paragraph.create(null, line()), ...(chance() < 0.3 ? [block(depth + 1)] : []),
]);
const MAKERS = [
  () => nodes.heading.create({ level: pick([2, 3, 4]) }, line()),
  (depth) => nodes.bullet_list.create({ tight: chance() < 0.7 }, some(3, () => item(depth))),
  (depth) => nodes.ordered_list.create({ order: pick([1, 9]), tight: chance() < 0.7 }, some(3, () => item(depth))),
  (depth) => nodes.blockquote.create(null, some(2, () => block(depth + 1))),
  (depth) => nodes.callout.create({ kind: pick(['note', 'law']) }, some(2, () => block(depth + 1))),
  () => nodes.check.create(null, [
    nodes.paragraph.create(null, line()),
    nodes.check_options.create(null, some(3, () => nodes.check_option.create({ right: chance() < 0.5 }, line()))),
    nodes.check_why.create(null, nodes.paragraph.create(null, line())),
  ]),
  () => nodes.table.create(null, [
    nodes.table_row.create(null, [cell(nodes.table_header), cell(nodes.table_header)]),
    nodes.table_row.create(null, [cell(nodes.table_cell), cell(nodes.table_cell)]),
  ]),
  () => nodes.code_block.create(null, schema.text(some(4, () => pick(WORDS)).join(''))),
];
function block(depth = 0) {
  if (depth > 2 || chance() < 0.35) return nodes.paragraph.create(null, line());
  return pick(MAKERS)(depth);
}

const lettersIn = (doc) => doc.textContent.replace(/\s+/g, '');
const answers = Array.from({ length: count }, () => {
  const doc = nodes.doc.create(null, some(4, () => block()));
  doc.check();
  const written = writeMarkdown(doc, true);
  const back = readMarkdown(written);
  let raw = 0;
  back.forEach((node) => { raw += node.type === nodes.raw ? 1 : 0; });
  return { written, letters: lettersIn(doc), back: lettersIn(back), raw };
});
process.stdout.write(JSON.stringify(answers));
