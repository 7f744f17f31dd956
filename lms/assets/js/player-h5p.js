// The page that plays H5P content, on the content origin.
import { H5P as Player } from 'h5p-standalone';
import { onHeard, packageFiles, say, sayLast } from './player/bridge.js';
import { lendStorage } from './player/storage.js';

const LOOK_MS = 1000;
const MOST_FITS = 60;
const CONTENT_ID = '1';
/** Seconds after which H5P keeps what the learner did. */
const SAVE_SECONDS = 1;

onHeard('start', async ({ state, activity, lastWords }) => {
  const place = document.body.appendChild(document.createElement('div'));
  lendStorage(window);
  const { h5p } = document.documentElement.dataset;
  try {
    await new Player(place, {
      id: CONTENT_ID,
      // This page is the content's frame already; one more would only hide it from us.
      embedType: 'div',
      h5pJsonPath: packageFiles,
      frameJs: `${h5p}/frame.bundle.js`,
      frameCss: `${h5p}/styles/h5p.css`,
      // What statements are about: the lesson, not this page, whose address expires.
      xAPIObjectIRI: activity,
      saveFreq: SAVE_SECONDS,
      contentUserData: state?.data ?? {},
      frame: false,
      icon: false,
      reportingIsEnabled: true,
    });
  } catch {
    say('failed');
    return;
  }
  follow(lastWords);
  fit(place);
});
say('ready');

/** The lesson's page gives the content the height it has; content that only follows is left alone. */
function fit(place) {
  let times = 0;
  new ResizeObserver(() => {
    if (times++ < MOST_FITS) say('height', { height: Math.ceil(place.getBoundingClientRect().height) + 8 });
  }).observe(place);
}

function follow(lastWords) {
  let last = JSON.stringify(keptData());
  const report = (statements = []) => {
    last = JSON.stringify(keptData());
    say('report', { state: { data: JSON.parse(last) }, statements, ended: statements.length > 0 });
  };
  window.H5P.externalDispatcher.on('xAPI', ({ data }) => {
    const statement = JSON.parse(JSON.stringify(data.statement));
    // Once the content has done what it speaks of, so that its state goes along.
    setTimeout(() => {
      saveAll();
      report([statement]);
    });
  });
  setInterval(() => JSON.stringify(keptData()) !== last && report(), LOOK_MS);
  window.addEventListener('pagehide', () => {
    saveAll();
    if (JSON.stringify(keptData()) !== last) sayLast(lastWords, { state: { data: keptData() } });
  });
  onHeard('close', () => {
    saveAll();
    if (JSON.stringify(keptData()) !== last) report();
    say('closed');
  });
}

/** What H5P keeps of the learner: {part: {name: text}}. */
function keptData() {
  return window.H5PIntegration?.contents?.[`cid-${CONTENT_ID}`]?.contentUserData ?? {};
}

/** Asks each piece of content where the learner is, as H5P does when its page is left. */
function saveAll() {
  for (const instance of window.H5P.instances) {
    const state = instance.getCurrentState?.();
    if (state !== undefined) window.H5P.setUserData(instance.contentId, 'state', state, { deleteOnChange: true });
  }
}
