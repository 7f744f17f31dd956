// Emphasis that Markdown can read. "**a:**b" is not bold to it, "**a**:b" is; and a bold word
// inside italics has to be opened after them.
import { Fragment } from 'prosemirror-model';

const EMPHASIS = ['em', 'strong'];

/** Ways to write the content of a node, the truest first; the last has no emphasis at all. */
export function waysToWrite(node) {
  const asIs = (child, left, right) => stepOut(child, left, right, false);
  const farther = (child, left, right) => stepOut(child, left, right, true);
  const plain = (child) => [child.mark(child.marks.filter((mark) => !EMPHASIS.includes(mark.type.name)))];
  return [asIs, farther, plain].map((way) => () => longestOutside(rebuilt(node, way)));
}

function rebuilt(node, way) {
  const parts = [];
  node.forEach((child, _offset, index) => {
    const left = node.maybeChild(index - 1);
    const right = node.maybeChild(index + 1);
    parts.push(...(child.isText ? way(child, left, right) : [child]));
  });
  return node.copy(Fragment.fromArray(parts));
}

/**
 * Takes punctuation at an edge out of the emphasis where it touches a letter outside;
 * `always` does so whatever it touches.
 */
function stepOut(child, left, right, always) {
  const ending = (other) => child.marks.filter(
    (mark) => EMPHASIS.includes(mark.type.name) && !(other && mark.isInSet(other.marks)),
  );
  const without = (marks) => child.marks.filter((mark) => !marks.includes(mark));
  const isLetter = (text) => always || /^[\p{L}\p{N}]$/u.test(text);
  let { text } = child;
  const parts = [];
  const [outLeft, outRight] = [ending(left), ending(right)];
  if (outLeft.length && left && isLetter(left.text?.at(-1) ?? '')) {
    const edge = /^[\p{P}\p{S}\s]+/u.exec(text)?.[0] ?? '';
    if (edge) parts.push(child.type.schema.text(edge).mark(without(outLeft)));
    text = text.slice(edge.length);
  }
  const touches = outRight.length && right && isLetter(right.text?.[0] ?? '');
  const edge = touches ? /[\p{P}\p{S}\s]+$/u.exec(text)?.[0] ?? '' : '';
  const rest = text.slice(0, text.length - edge.length);
  if (rest) parts.push(child.type.schema.text(rest).mark(child.marks));
  if (edge) parts.push(child.type.schema.text(edge).mark(without(outRight)));
  return parts;
}

/** Puts the mark that goes on for longer outside, so that none is closed over another. */
function longestOutside(node) {
  const children = [];
  node.forEach((child) => children.push(child));
  const reach = (mark, from) => {
    const step = (by) => {
      let length = 0;
      for (let at = from + by; children[at] && mark.isInSet(children[at].marks); at += by) length += children[at].nodeSize;
      return length;
    };
    return step(-1) + step(1);
  };
  const sorted = children.map((child, at) => {
    if (!child.isText || child.marks.length < 2) return child;
    const order = (mark) => (mark.type.name === 'code' ? -1 : reach(mark, at));
    return child.mark([...child.marks].sort((a, b) => order(b) - order(a)));
  });
  return node.copy(Fragment.fromArray(sorted));
}
