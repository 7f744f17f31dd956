// Pictures on their way to the course: pasted or dropped ones stand in the text at once and
// get their name when the server has kept them.
import { schema } from './schema.js';

export function isPicture(file) {
  return file.type.startsWith('image/');
}

/** Sends one picture. @returns {{name, url, type}}; throws an Error with a sentence */
export async function sendPicture({ url, token, words }, blob, filename) {
  const body = new FormData();
  body.set('csrf_token', token);
  body.set('file', blob, filename);
  return send(url, body, words);
}

async function send(url, body, words) {
  let response;
  try {
    response = await fetch(url, { method: 'POST', body, redirect: 'manual', headers: { Accept: 'application/json' } });
  } catch {
    throw new Error(words.noNetwork);
  }
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(reply.message || reply.advice || words.pictureRefused);
  return reply;
}

/** Takes a file of the library into the course. @returns {{name, url, type}} */
export async function takeFromLibrary({ libraryUrl, token, words }, id) {
  const address = libraryUrl.replace(/0$/, id);
  return send(address, new URLSearchParams({ csrf_token: token }), words);
}

/** Puts pictures into the text at the caret and uploads them. @param {File[]} files */
export function bringFiles(view, files, surroundings) {
  const marks = files.map((file, at) => [`file-${Date.now().toString(36)}-${at}`, file]);
  const tr = view.state.tr;
  for (const [mark] of marks) {
    const image = schema.nodes.image.create({ src: mark, pending: mark });
    tr.replaceSelectionWith(image, false);
  }
  view.dispatch(tr.scrollIntoView());
  for (const [mark, file] of marks) bring(view, mark, file, file.name || 'hinh', surroundings);
}

/** Uploads what a pasted text brought along. @param {Map<string, string>} pictures */
export async function bringPasted(view, pictures, surroundings) {
  for (const [mark, address] of pictures) {
    bring(view, mark, blobOf(address), 'hinh', surroundings);
  }
}

async function bring(view, mark, blob, filename, surroundings) {
  try {
    const kept = await sendPicture(surroundings.upload, blob, filename);
    surroundings.media.set(kept.name, kept);
    settle(view, mark, { src: kept.name, pending: '' });
    surroundings.tell(surroundings.words.pictureKept);
  } catch (error) {
    settle(view, mark, null);
    surroundings.tell(error.message, true);
  }
}

/** Gives the picture its name, or takes it out. */
function settle(view, mark, attrs) {
  view.state.doc.descendants((node, position) => {
    if (node.attrs.pending !== mark) return;
    const { tr } = view.state;
    view.dispatch(attrs
      ? tr.setNodeMarkup(position, null, { ...node.attrs, ...attrs })
      : tr.delete(position, position + node.nodeSize));
  });
}

function blobOf(address) {
  const comma = address.indexOf(',');
  const head = address.slice(5, comma);
  const body = address.slice(comma + 1);
  const text = head.endsWith(';base64') ? atob(body) : decodeURIComponent(body);
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  return new Blob([bytes], { type: head.split(';')[0] });
}
