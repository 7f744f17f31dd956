// The page that plays a SCORM 1.2 package, on the content origin.
import { Scorm12API } from 'scorm-again/scorm12';
import { playScorm } from './player/scorm.js';

playScorm({
  Api: Scorm12API,
  name: 'API',
  calls: { set: 'LMSSetValue', commit: 'LMSCommit', finish: 'LMSFinish' },
  given: (learner, entry, facts) => ({
    'core.student_id': learner.id,
    'core.student_name': learner.name,
    'core.entry': entry,
    'core.credit': 'credit',
    'core.lesson_mode': 'normal',
    launch_data: facts.launch_data,
    'student_data.mastery_score': facts.pass_share === undefined ? '' : Math.round(facts.pass_share * 100),
    'student_data.max_time_allowed': facts.max_time,
    'student_data.time_limit_action': facts.time_limit_action,
  }),
  toLoad: ({ cmi }) => ({ cmi }),
  clean(cmi) {
    for (const name of ['student_id', 'student_name', 'entry', 'exit', 'session_time', 'credit', 'lesson_mode', 'total_time']) delete cmi.core[name];
    delete cmi.launch_data;
    delete cmi.student_data;
  },
  setTime(cmi, total) {
    cmi.core.total_time = total;
  },
});
