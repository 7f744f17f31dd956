// Our Markdown, as courses/markdown.py reads it: CommonMark, tables, boxes, no HTML.
import MarkdownIt from 'markdown-it';
import container from 'markdown-it-container';
import { CALLOUTS } from './schema.js';

export const markdown = new MarkdownIt('commonmark', { html: false }).enable('table');
for (const name of [...CALLOUTS, 'check']) {
  // Shown with all that it says, so that two sources can be compared by what they show.
  markdown.use(container, name, {
    render: (tokens, at) => (tokens[at].nesting > 0 ? `<section ${tokens[at].info.trim()}>` : '</section>'),
  });
}

/** The letters that a line of Markdown shows, white space aside. */
export function lettersOf(line) {
  const [{ children }] = markdown.parseInline(line, {});
  return children.map(({ type, content }) => (type === 'image' ? `![${content}]` : content)).join('').replace(/\s+/g, '');
}
