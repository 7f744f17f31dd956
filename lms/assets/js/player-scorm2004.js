// The page that plays a SCORM 2004 package, on the content origin.
import { Scorm2004API } from 'scorm-again/scorm2004';
import { playScorm } from './player/scorm.js';

/** What the system gives anew each time, or what belongs to one sitting. */
const OURS = [
  'learner_id', 'learner_name', 'entry', 'exit', 'session_time', 'launch_data', 'credit', 'mode',
  'scaled_passing_score', 'completion_threshold', 'max_time_allowed', 'time_limit_action',
  'total_time',
];

playScorm({
  Api: Scorm2004API,
  name: 'API_1484_11',
  calls: { set: 'SetValue', commit: 'Commit', finish: 'Terminate' },
  given: (learner, entry, facts) => ({
    learner_id: learner.id,
    learner_name: learner.name,
    entry,
    launch_data: facts.launch_data,
    scaled_passing_score: facts.pass_share,
    completion_threshold: facts.complete_share,
    max_time_allowed: facts.max_time,
    time_limit_action: facts.time_limit_action,
  }),
  toLoad: ({ cmi }) => ({ cmi }),
  clean(cmi) {
    for (const name of OURS) delete cmi[name];
  },
  setTime(cmi, total) {
    cmi.total_time = total;
  },
});
