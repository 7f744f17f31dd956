import { onHeard, packageFiles, say, sayLast, together } from './bridge.js';

/** Values that come in a row are one report. */
const TOGETHER_MS = 150;
/** Time that a closed package gets for its last words. */
const LAST_WORDS_MS = 200;
/** How often the time alone is worth a report. */
const CLOCK_MS = 60000;

/**
 * Plays a SCORM package in a frame of this page, where it looks for its API.
 * @param {object} version  what tells SCORM 1.2 and 2004 apart: see player-scorm12.js
 */
export function playScorm(version) {
  onHeard('start', ({ state, learner, launch, facts, lastWords }) => {
    const api = open(version, state, learner, facts);
    let closed = false;
    let leaving = false;
    let last = { words: '', at: 0 };
    const report = (ended = false) => {
      const { state, words } = stateOf(version, api);
      if (!ended && words === last.words && Date.now() - last.at < CLOCK_MS) return;
      last = { words, at: Date.now() };
      if (leaving) sayLast(lastWords, { state });
      else say('report', { state, ended });
    };
    window.addEventListener('pagehide', () => {
      leaving = true;
      if (!closed && !api.isNotInitialized()) report();
    });
    const soon = together(() => closed || report(), TOGETHER_MS);
    api.on(`${version.calls.set}.cmi.*`, soon);
    api.on(version.calls.commit, () => report());
    api.on(version.calls.finish, () => report(true));
    window[version.name] = api;

    const frame = Object.assign(document.createElement('iframe'), {
      src: `${packageFiles}/${launch}`, title: document.title,
    });
    document.body.append(frame);
    onHeard('close', () => {
      // The package hears that it is closed and finishes, as SCORM wants it.
      frame.src = 'about:blank';
      setTimeout(() => {
        closed = true;
        if (!api.isNotInitialized()) report(true);
        say('closed');
      }, LAST_WORDS_MS);
    });
  });
  say('ready');
}

function open(version, state, learner, facts) {
  const api = new version.Api({
    logLevel: 5,
    selfReportSessionTime: true,
    // SCORM 1.2 lets the system judge where the manifest names a pass mark.
    mastery_override: facts.pass_share !== undefined,
  });
  const resumes = Object.keys(state?.cmi ?? {}).length > 0;
  try {
    if (resumes) api.loadFromJSON(version.toLoad(state));
  } catch {
    say('failed');
  }
  const given = version.given(learner, resumes ? 'resume' : 'ab-initio', facts);
  for (const [name, value] of Object.entries(given)) give(api.cmi, name.split('.'), value);
  return api;
}

/** Sets what the system says; a manifest's value that SCORM does not allow is passed over. */
function give(target, [name, ...rest], value) {
  if (rest.length) return give(target[name], rest, value);
  if (value === undefined || value === '') return undefined;
  try {
    target[name] = String(value);
  } catch { /* Not a value of this element. */ }
  return undefined;
}

/** The package's data without what belongs to this sitting alone; `words` is it without the clock. */
function stateOf(version, api) {
  const state = JSON.parse(JSON.stringify(api.renderCMIToJSONObject()));
  version.clean(state.cmi);
  const words = JSON.stringify(state);
  version.setTime(state.cmi, api.cmi.getCurrentTotalTime());
  return { state, words };
}
