// [data-film]: goes on where the learner stopped, tells the server what was watched,
// and changes the quality in place. Without it the player and its links work all the same.
import { Watched } from './video/watched.js';
import { Teller } from './video/teller.js';

const film = document.querySelector('[data-film]');
const player = film?.querySelector('video, audio');
if (player && film.dataset.url) start();

function start() {
  const watched = new Watched(player);
  const teller = new Teller({
    url: film.dataset.url,
    token: film.dataset.token,
    message: () => ({ position: round(player.currentTime), watched: watched.take(), seconds: round(player.duration || 0) }),
    putBack: (stretches) => watched.putBack(stretches),
    onKept: show,
    onWaiting: () => say(film.dataset.msgWaiting),
  });
  resume();
  changeInPlace();
  for (const event of ['pause', 'ended', 'seeked']) player.addEventListener(event, () => teller.tell());
  setInterval(() => !player.paused && teller.tell(), 15000);
  addEventListener('pagehide', () => watched.any && teller.tellLast());
  addEventListener('online', () => teller.tell());
}

function resume() {
  const place = Number(film.dataset.place || 0);
  if (place < 5) return;
  const go = () => {
    if (place > player.duration * 0.95) return; // seen to its end: from the beginning again
    player.currentTime = place;
    say(film.dataset.msgResumed.replace('{time}', clock(place)));
  };
  if (player.readyState >= 1) go();
  else player.addEventListener('loadedmetadata', go, { once: true });
}

/** The links of other qualities change the source and keep the place. */
function changeInPlace() {
  const links = [...film.querySelectorAll('.film-choices a')];
  for (const link of links) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      const { currentTime, paused, playbackRate } = player;
      player.querySelectorAll('source').forEach((source) => source.remove());
      player.src = link.dataset.src;
      player.addEventListener('loadedmetadata', () => {
        player.currentTime = currentTime;
        player.playbackRate = playbackRate;
        if (!paused) player.play().catch(() => {});
      }, { once: true });
      player.load();
      for (const other of links) other.toggleAttribute('aria-current', false);
      link.setAttribute('aria-current', 'true');
      history.replaceState(null, '', link.href);
      const download = film.querySelector('[download]');
      if (download) download.href = link.dataset.src;
    });
  }
}

let wasDone = false;

function show({ share, done }) {
  film.querySelector('[data-film-state]').hidden = false;
  film.querySelector('progress').value = share;
  if (!done) {
    say(film.dataset.msgShare.replace('{share}', share));
    return;
  }
  say(film.dataset.msgDone);
  if (!wasDone) renewFootBar();
  wasDone = true;
}

/** Takes the way to the next lesson from the page as it would be shown now. */
async function renewFootBar() {
  const bar = document.querySelector('.foot-bar');
  if (!bar) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.foot-bar');
    if (answer.ok && fresh) bar.replaceWith(document.importNode(fresh, true));
  } catch {
    // It is there after the next loading.
  }
}

function say(words) {
  film.querySelector('[data-film-state]').hidden = false;
  film.querySelector('[data-film-words]').textContent = words;
}

function round(seconds) {
  return Number.isFinite(seconds) ? Math.round(seconds * 100) / 100 : 0;
}

function clock(seconds) {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
