// Reads a JSON list of lessons' Markdown; answers what the editor makes of each: kept as it
// was read, and with every block written anew.
import { readFileSync } from 'node:fs';
import { readMarkdown } from '../../lms/assets/js/editor/reading.js';
import { writeMarkdown } from '../../lms/assets/js/editor/writing.js';

const sources = JSON.parse(readFileSync(0, 'utf8'));
const answers = sources.map((source) => {
  const doc = readMarkdown(source);
  doc.check();
  let raw = 0;
  doc.forEach((node) => { raw += node.type.name === 'raw' ? 1 : 0; });
  const anew = writeMarkdown(doc, true);
  return { kept: writeMarkdown(doc), anew, again: writeMarkdown(readMarkdown(anew), true), raw };
});
process.stdout.write(JSON.stringify(answers));
