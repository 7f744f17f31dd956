/**
 * Plays a course in another learning system over SCORM 1.2.
 *
 * All lessons stand in the page already; one is shown at a time. What a learner has done is
 * kept in cmi.suspend_data, at most 4096 characters, as "1|done|quizzes": a 0 or 1 for each
 * lesson, and "best,attempts" for each quiz. Without the system's API everything works for
 * the moment and is said not to be kept.
 */
(function () {
  'use strict';

  var course = window.COURSE;
  var words = course.words;
  var api = findApi(window) || (window.opener ? findApi(window.opener) : null);
  var begun = Date.now();
  var finished = false;
  var done = [];
  var quizzes = [];
  var current = 0;
  /** What was reached before: some systems forget the rest once a course is over. */
  var reached = '';

  /** The API stands in a window around this one (SCORM 1.2 RTE, 3.3.6.1). */
  function findApi(from) {
    try {
      for (var turn = 0; turn < 20; turn += 1) {
        if (from.API) return from.API;
        if (!from.parent || from.parent === from) return null;
        from = from.parent;
      }
    } catch (error) {
      // A window of another origin holds none for us.
    }
    return null;
  }

  function get(name) {
    return api ? String(api.LMSGetValue(name) || '') : '';
  }

  function set(name, value) {
    if (api) api.LMSSetValue(name, String(value));
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) {
      return name in values ? values[name] : whole;
    });
  }

  // --- what is kept

  function begin() {
    if (api && String(api.LMSInitialize('')) !== 'true') api = null;
    document.getElementById('alone').hidden = Boolean(api);
    document.getElementById('contents').open = isWide();
    restore(get('cmi.suspend_data'));
    var before = get('cmi.core.lesson_status');
    if (isOver(before)) reached = before;
    if (before === 'not attempted') {
      set('cmi.core.lesson_status', 'incomplete');
      commit();
    }
    var place = get('cmi.core.lesson_location');
    show(Math.max(0, course.lessons.findIndex(function (lesson) { return lesson.key === place; })), false);
  }

  function restore(text) {
    var parts = text.split('|');
    var known = parts[0] === '1' && (parts[1] || '').length === course.lessons.length;
    var results = known ? (parts[2] || '').split(';') : [];
    var number = 0;
    course.lessons.forEach(function (lesson, index) {
      done[index] = known && parts[1][index] === '1';
      if (!lesson.quiz) return;
      var result = (results[number] || '').split(',');
      quizzes[index] = { best: Number(result[0]) || 0, attempts: Number(result[1]) || 0 };
      number += 1;
    });
  }

  function keep() {
    var marks = done.map(function (is) { return is ? '1' : '0'; }).join('');
    var results = quizzes
      .filter(Boolean)
      .map(function (quiz) { return quiz.best + ',' + quiz.attempts; })
      .join(';');
    set('cmi.suspend_data', '1|' + marks + '|' + results);
    set('cmi.core.lesson_location', course.lessons[current].key);
    report();
    // Also now, for a page that is closed without warning.
    setExit();
    commit();
  }

  function isOver(status) {
    return status === 'passed' || status === 'completed';
  }

  function setExit() {
    set('cmi.core.exit', isOver(get('cmi.core.lesson_status')) ? '' : 'suspend');
  }

  function report() {
    var graded = quizzes.filter(Boolean);
    if (graded.length) {
      var sum = graded.reduce(function (total, quiz) { return total + quiz.best; }, 0);
      set('cmi.core.score.min', 0);
      set('cmi.core.score.max', 100);
      set('cmi.core.score.raw', Math.round(sum / graded.length));
    }
    set('cmi.core.lesson_status', status(graded.length > 0));
  }

  function status(isGraded) {
    if (reached) return reached;
    var open = course.lessons.filter(function (lesson, index) { return lesson.required && !done[index]; });
    if (!open.length) return isGraded ? 'passed' : 'completed';
    var isLost = course.lessons.some(function (lesson, index) {
      return lesson.required && lesson.quiz && !done[index] && quizzes[index].attempts >= lesson.quiz.attempts;
    });
    return isLost ? 'failed' : 'incomplete';
  }

  function commit() {
    if (api) api.LMSCommit('');
  }

  function leave() {
    if (!api || finished) return;
    finished = true;
    set('cmi.core.session_time', duration(Date.now() - begun));
    setExit();
    commit();
    api.LMSFinish('');
  }

  /** HHHH:MM:SS, as SCORM 1.2 writes a span of time. */
  function duration(milliseconds) {
    var seconds = Math.floor(milliseconds / 1000);
    function two(number) { return (number < 10 ? '0' : '') + number; }
    var hours = Math.min(9999, Math.floor(seconds / 3600));
    return two(hours) + ':' + two(Math.floor(seconds / 60) % 60) + ':' + two(seconds % 60);
  }

  // --- what is shown

  function show(index, moves) {
    current = index;
    course.lessons.forEach(function (lesson, number) {
      document.getElementById('lesson-' + lesson.key).hidden = number !== index;
    });
    document.querySelectorAll('video, audio').forEach(function (player) { player.pause(); });
    refresh();
    if (!moves) return;
    var heading = document.querySelector('#lesson-' + course.lessons[index].key + ' > h2');
    heading.focus();
    window.scrollTo(0, 0);
    if (!isWide()) document.getElementById('contents').open = false;
    keep();
  }

  function isWide() {
    return window.matchMedia('(min-width: 900px)').matches;
  }

  function refresh() {
    var count = 0;
    course.lessons.forEach(function (lesson, index) {
      var link = document.querySelector('[data-lesson="' + lesson.key + '"]');
      link.querySelector('.mark').textContent = done[index] ? '✓' : '';
      link.querySelector('.said').textContent = done[index] ? words.done : '';
      if (index === current) link.setAttribute('aria-current', 'step');
      else link.removeAttribute('aria-current');
      count += done[index] ? 1 : 0;
    });
    var text = fill(words.progress, { done: count, all: course.lessons.length });
    document.getElementById('progress').textContent = text;
    drawSteps(document.querySelector('#lesson-' + course.lessons[current].key + ' > .steps'));
  }

  function drawSteps(steps) {
    var lesson = course.lessons[current];
    var isLast = current === course.lessons.length - 1;
    steps.textContent = '';
    if (current > 0) steps.append(button(words.before, '', function () { show(current - 1, true); }));
    if (!done[current] && !lesson.quiz) {
      steps.append(button(isLast ? words.finish : words.next, 'main', function () {
        done[current] = true;
        if (isLast) { refresh(); keep(); } else show(current + 1, true);
      }));
    } else if (!isLast) {
      steps.append(button(words.next, lesson.quiz && !done[current] ? '' : 'main', function () {
        show(current + 1, true);
      }));
    }
  }

  function button(text, style, act) {
    var element = document.createElement('button');
    element.type = 'button';
    element.textContent = text;
    element.className = style;
    element.addEventListener('click', act);
    return element;
  }

  // --- quizzes

  window.COURSE_QUIZ.prepare(course, {
    fill: fill,
    result: function (index) { return quizzes[index]; },
    /** Called with the share of points, 0 to 1, each time a quiz was handed in. */
    handedIn: function (index, share) {
      var quiz = quizzes[index];
      quiz.attempts += 1;
      quiz.best = Math.max(quiz.best, Math.round(share * 100));
      if (quiz.best >= course.lessons[index].quiz.pass_mark) done[index] = true;
      refresh();
      keep();
    },
  });

  document.querySelectorAll('[data-lesson]').forEach(function (link) {
    link.addEventListener('click', function (event) {
      event.preventDefault();
      var key = link.dataset.lesson;
      show(course.lessons.findIndex(function (lesson) { return lesson.key === key; }), true);
    });
  });
  window.addEventListener('pagehide', leave);
  window.addEventListener('beforeunload', leave);
  document.documentElement.classList.add('plays');
  begin();
  window.COURSE_QUIZ.start();
})();
